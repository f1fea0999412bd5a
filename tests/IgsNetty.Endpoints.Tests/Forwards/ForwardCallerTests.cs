using System.Net;
using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Forwards;

/// <summary>What comes from another port of the target comes to the client from another port, and goes back there.</summary>
public sealed class ForwardCallerTests : UdpForwardTest
{
    private FakeDatagramSocket ReplyPort => Transport.Datagrams[1];

    [Fact]
    public void Another_port_is_another_port_both_ways()
    {
        Open();
        Receive(Alice, 1);
        ReplyPort.Receive(Udp.Address("10.1.2.3:3000"), 2);
        FakeDatagramSocket beside = Transport.Datagrams[2];
        Assert.Equal([$"{Alice} 02"], Sent(beside));
        Assert.Equal(IPAddress.Loopback, beside.Address.Address);
        Assert.Empty(Sent(Forward));

        beside.Receive(Udp.Address(Alice), 3);
        Receive(Alice, 4);
        Assert.Equal([$"{Target} 01", "10.1.2.3:3000 03", $"{Target} 04"], Sent(ReplyPort));
        ReplyPort.Receive(Udp.Address("10.1.2.3:3000"), 5);
        ReplyPort.Receive(Udp.Address(Target), 6);
        Assert.Equal([$"{Alice} 05"], Sent(beside));
        Assert.Equal([$"{Alice} 06"], Sent(Forward));
        Assert.Equal(3, Transport.Datagrams.Count);
        Assert.Equal((3, 3), (Totals.DatagramsFromCallers, Totals.DatagramsToCallers));
    }

    [Fact]
    public void Nobody_else_is_heard_there()
    {
        Open();
        Receive(Alice, 1);
        Receive(Bob, 1);
        ReplyPort.Receive(Udp.Address("10.1.2.3:3000"), 2);
        Transport.Datagrams[3].Receive(Udp.Address(Bob), 3);
        Transport.Datagrams[3].Receive(Udp.Address("10.9.9.9:9"), 4);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort));
        Assert.Equal([$"{Target} 01"], Sent(Transport.Datagrams[2]));
    }

    [Fact]
    public void Every_client_and_every_source_has_its_own()
    {
        Open();
        Receive(Alice, 1);
        Receive(Bob, 1);
        FakeDatagramSocket[] replyPorts = [Transport.Datagrams[1], Transport.Datagrams[2]];
        foreach (FakeDatagramSocket port in replyPorts)
        {
            port.Receive(Udp.Address("10.1.2.3:3000"), 2);
            port.Receive(Udp.Address("10.1.2.3:3001"), 3);
        }

        Assert.Equal(
            [$"{Alice} 02", $"{Alice} 03", $"{Bob} 02", $"{Bob} 03"],
            Transport.Datagrams.Skip(3).Select(socket => Assert.Single(Sent(socket))));
        Assert.Equal(4, Transport.Datagrams.Skip(3).Select(socket => socket.Address.Port).Distinct().Count());
    }

    [Fact]
    public void There_are_16_at_most_and_what_has_none_comes_from_the_forward()
    {
        Open(filter: ReplyFilter.Any);
        Receive(Alice, 1);
        for (int i = 0; i < 20; i++)
        {
            ReplyPort.Receive(Udp.Address($"10.9.9.9:{3000 + i}"), (byte)i);
        }

        Assert.Equal(16, Transport.Datagrams.Count - 2);
        Assert.Equal(Enumerable.Range(16, 4).Select(i => $"{Alice} {i:x2}"), Sent(Forward));
        ReplyPort.Receive(Udp.Address("10.9.9.9:3015"), 99);
        Assert.Equal([$"{Alice} 0f", $"{Alice} 63"], Sent(Transport.Datagrams[17]));
    }

    [Fact]
    public void With_no_port_to_be_had_it_comes_from_the_forward()
    {
        Open();
        Receive(Alice, 1);
        Transport.BindError = SocketError.TooManyOpenSockets;
        ReplyPort.Receive(Udp.Address("10.1.2.3:3000"), 2);
        Assert.Equal([$"{Alice} 02"], Sent(Forward));
    }

    [Fact]
    public void They_are_closed_with_the_flow()
    {
        Open(timeout: 1);
        Receive(Alice, 1);
        ReplyPort.Receive(Udp.Address("10.1.2.3:3000"), 2);
        FakeDatagramSocket beside = Transport.Datagrams[2];
        Loop.Advance(TimeSpan.FromSeconds(0.9));
        beside.Receive(Udp.Address(Alice), 3);
        Loop.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(beside.IsClosed);
        Loop.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(beside.IsClosed);
        Assert.True(ReplyPort.IsClosed);
        Receive(Alice, 4);
        Assert.Equal([$"{Target} 04"], Sent(Transport.Datagrams[3]));
    }
}
