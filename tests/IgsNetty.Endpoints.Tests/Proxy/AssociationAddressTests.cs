using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §7: whose datagrams are an association's.</summary>
public sealed class AssociationAddressTests : AssociationTest
{
    [Fact]
    public void Another_address_is_never_heard()
    {
        Associate(Client);
        Associate();
        Receive("192.168.0.8:40000", Target, 1);
        Receive("192.168.0.8:40001", Target, 2);
        Assert.Equal(0, ReplyPorts);
        Assert.Equal((2, 2), (Totals.DatagramsFromCallers, Totals.DatagramsNotAllowed));
    }

    [Theory]
    [InlineData(Client)]
    [InlineData("0.0.0.0:40000")]
    [InlineData("[::]:40000")]
    [InlineData("[::ffff:192.168.0.7]:40000")]
    public void The_port_that_it_stated_goes_before_all_others(string stated)
    {
        Associate();
        Associate(stated);
        Receive(Client, Target, 1);
        Receive("192.168.0.7:40001", Target, 2);
        Receive("192.168.0.7:40002", Target, 3);
        ReplyPort(0).Receive(TestKit.Relay.Udp.Address(Target), 4);
        Assert.Equal([Reply(Client, Target, 4)], ToClients());
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(0)));
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    // Some clients state the port of their target.
    [Theory]
    [InlineData("0.0.0.0:53")]
    [InlineData("192.168.0.7:53")]
    [InlineData("[::]:53")]
    public void A_port_that_it_stated_and_does_not_send_from_is_no_more_than_a_hint(string stated)
    {
        Associate(stated);
        Receive(Client, Target, 1);
        Receive("192.168.0.7:40001", Target, 2);
        Receive(Client, Target, 3);
        Assert.Equal([$"{Target} 01", $"{Target} 03"], Sent(ReplyPort()));
        ReplyPort().Receive(TestKit.Relay.Udp.Address(Target), 4);
        Assert.Equal([Reply(Client, Target, 4)], ToClients());
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    // No NAT is between: another program must not get what a client has stated truly.
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:40000", false)]
    [InlineData("127.0.0.1", "0.0.0.0:40000", true)]
    [InlineData("10.0.0.1", "10.0.0.1:40000", false)]
    [InlineData("10.0.0.1", "0.0.0.0:40000", true)]
    public void On_this_machine_another_port_is_heard_only_when_it_sends_to_the_stated_one(string ip, string stated, bool isOwnPort)
    {
        UdpPorts = isOwnPort ? new IgsNetty.Endpoints.Proxy.UdpPortRange(20304, 20304) : null;
        Associate(stated, ip);
        Receive($"{ip}:40001", Target, 1);
        Assert.Equal((0, 1), (ReplyPorts, (int)Totals.DatagramsNotAllowed));
        Receive($"{ip}:40000", Target, 2);
        Receive($"{ip}:40001", "10.1.2.3:40000", 3);
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort()));
        Assert.Equal(2, Totals.DatagramsNotAllowed);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:53", false)]
    [InlineData("127.0.0.1", "0.0.0.0:53", true)]
    [InlineData("10.0.0.1", "[::]:53", false)]
    public void On_this_machine_the_port_of_the_target_may_be_stated(string ip, string stated, bool isOwnPort)
    {
        UdpPorts = isOwnPort ? new IgsNetty.Endpoints.Proxy.UdpPortRange(20304, 20304) : null;
        Associate(stated, ip);
        Receive($"{ip}:40001", "10.1.2.3:54", 1);
        Receive($"{ip}:40001", Target, 2);
        Receive($"{ip}:40001", "10.1.2.3:54", 3);
        Receive($"{ip}:40002", Target, 4);
        Assert.Equal(2, Totals.DatagramsNotAllowed);
        Assert.Equal([$"{Target} 02", "10.1.2.3:54 03"], Sent(ReplyPort()));
    }

    [Fact]
    public void Many_that_state_one_port_have_a_port_each()
    {
        Associate("0.0.0.0:53");
        Associate("0.0.0.0:53");
        EmbeddedStreamSocket third = Associate("0.0.0.0:53");
        Receive("192.168.0.7:40001", Target, 1);
        Receive("192.168.0.7:40002", Target, 2);
        End(third);
        Receive("192.168.0.7:40003", Target, 3);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(0)));
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    // Where there are no users, all have the same rights, and a stray sender must not lock the client out.
    [Fact]
    public void The_stated_port_takes_its_association_from_another_that_was_first()
    {
        Associate(Client);
        Receive("192.168.0.7:40001", Target, 1);
        Receive(Client, Target, 2);
        Receive("192.168.0.7:40001", Target, 3);
        Receive(Client, Target, 4);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(0)));
        Assert.True(ReplyPort(0).IsClosed);
        Assert.Equal([$"{Target} 02", $"{Target} 04"], Sent(ReplyPort(1)));
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("192.168.0.7:0")]
    [InlineData("172.16.0.1:40000")]
    public void The_first_port_that_it_sends_from_when_it_does_not_know_better(string stated)
    {
        Associate(stated);
        Receive("192.168.0.8:40001", Target, 1);
        Receive("192.168.0.7:40001", Target, 2);
        Receive("192.168.0.7:40002", Target, 3);
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort()));
        Assert.Equal(1, ReplyPorts);
        Assert.Equal(2, Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void Two_of_one_address_have_a_port_each()
    {
        Associate();
        Associate();
        Receive("192.168.0.7:40001", Target, 1);
        Receive("192.168.0.7:40002", Target, 2);
        Receive("192.168.0.7:40003", Target, 3);
        Receive("192.168.0.7:40001", Target, 4);
        Assert.Equal([$"{Target} 01", $"{Target} 04"], Sent(ReplyPort(0)));
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        Assert.Equal(2, ReplyPorts);
        ReplyPort(1).Receive(TestKit.Relay.Udp.Address(Target), 9);
        Assert.Equal([Reply("192.168.0.7:40002", Target, 9)], ToClients());
    }

    [Fact]
    public void One_that_stated_its_port_is_not_taken_for_one_that_waits()
    {
        Associate();
        Associate("0.0.0.0:40002");
        Receive("192.168.0.7:40002", Target, 2);
        Receive("192.168.0.7:40001", Target, 1);
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(0)));
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(1)));
    }

    [Fact]
    public void One_that_goes_before_it_has_sent_leaves_its_place_to_the_next()
    {
        EmbeddedStreamSocket first = Associate();
        Associate();
        End(first);
        Receive("192.168.0.7:40001", Target, 1);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort()));
        Receive("192.168.0.7:40002", Target, 2);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void Of_two_that_state_one_port_the_newer_has_it_and_the_older_takes_nothing_along()
    {
        EmbeddedStreamSocket older = Associate(Client);
        Receive(Client, Target, 1);
        Associate(Client);
        Receive(Client, Target, 2);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(0)));
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        End(older);
        Assert.True(ReplyPort(0).IsClosed);
        Receive(Client, Target, 3);
        Assert.Equal([$"{Target} 03"], Sent(ReplyPort(1)));
    }

    [Fact]
    public void It_does_so_on_a_port_of_its_own_too()
    {
        UdpPorts = new IgsNetty.Endpoints.Proxy.UdpPortRange(20304, 20304); // the number that the answer has without one
        EmbeddedStreamSocket socket = Associate(Client);
        Receive("192.168.0.7:40001", Target, 1);
        Receive(Client, Target, 2);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort(0)));
        Assert.True(ReplyPort(0).IsClosed);
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        Assert.True(socket.Active);
    }

    [Fact]
    public void Who_has_none_is_not_heard()
    {
        _ = Port;
        Receive(Client, Target, 1);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
        Assert.Single(Transport.Datagrams);
    }

    private void End(EmbeddedStreamSocket socket)
    {
        socket.ReceiveEnd();
        Loop.RunTasks();
        Assert.False(socket.Active);
    }
}
