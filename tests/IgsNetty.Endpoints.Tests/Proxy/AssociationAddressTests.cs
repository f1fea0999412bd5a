using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §7: whose datagrams are an association's.</summary>
public sealed class AssociationAddressTests : AssociationTest
{
    [Fact]
    public void The_port_that_it_stated()
    {
        Associate(Client);
        Receive("192.168.0.7:40001", Target, 1);
        Receive("192.168.0.8:40000", Target, 2);
        Assert.Equal(0, ReplyPorts);
        Assert.Equal(2, Totals.DatagramsNotAllowed);
        Receive(Client, Target, 3);
        Assert.Equal([$"{Target} 03"], Sent(ReplyPort()));
        Assert.Equal(3, Totals.DatagramsFromCallers);
    }

    [Theory]
    [InlineData("0.0.0.0:40000")]
    [InlineData("[::]:40000")]
    [InlineData("[::ffff:192.168.0.7]:40000")]
    public void The_port_that_it_stated_with_no_address_or_its_own_in_another_spelling(string stated)
    {
        Associate(stated);
        Receive("192.168.0.7:40001", Target, 1);
        Assert.Equal(0, ReplyPorts);
        Receive(Client, Target, 3);
        Assert.Equal(1, ReplyPorts);
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
