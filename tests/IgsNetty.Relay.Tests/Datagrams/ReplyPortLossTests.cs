using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>What cannot be sent to a target is dropped and counted; it ends nothing.</summary>
public sealed class ReplyPortLossTests : DatagramTest
{
    [Fact]
    public void What_is_too_large_is_counted_and_said_once_a_flow()
    {
        LinkUnderTest link = NewLink(Open);
        foreach (uint id in new uint[] { 2, 4 })
        {
            FakeDatagramSocket port = Accept(link, id);
            port.Result = DatagramSend.TooLarge;
            Assert.Empty(link.Receive(FrameStream.Datagram(id, null, new byte[60_000]), FrameStream.Datagram(id, "10.1.2.4:1", new byte[65_507])));
            port.Result = DatagramSend.Sent;
            Assert.Empty(link.Receive(FrameStream.Datagram(id, null, 1)));
            Assert.Equal([$"{Target} 01"], Sent(port));
        }

        Assert.Equal(4, link.Totals.DatagramsTooLarge);
        Assert.Equal(0, link.Totals.DatagramsDropped);
        Assert.Equal(2, Lines(2203));
    }

    [Theory]
    [InlineData(DatagramSend.Full)]
    [InlineData(DatagramSend.Unreachable)]
    public void What_the_network_does_not_take_is_counted(DatagramSend result)
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        int lines = Log.Entries.Count;
        port.Result = result;
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 1), FrameStream.Datagram(2, null, 2)));
        port.Result = DatagramSend.Sent;
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 3)));
        Assert.Equal([$"{Target} 03"], Sent(port));
        Assert.Equal(2, link.Totals.DatagramsDropped);
        Assert.Equal(2, link.Totals.DatagramsToTargets);
        Assert.Equal(lines, Log.Entries.Count);
    }

    [Fact]
    public void An_ICMP_error_is_counted_and_ends_nothing()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        port.ReceiveError();
        port.ReceiveError();
        Assert.Empty(link.Sent());
        Assert.Equal(2, link.Totals.IcmpErrors);
        Assert.False(port.IsClosed);
        port.Receive(Udp.Address(Target), 1);
        Assert.Single(link.Sent());
    }

    [Fact]
    public void With_no_port_to_be_had_the_flow_is_refused_and_the_log_says_so_once()
    {
        LinkUnderTest link = NewLink(Open);
        link.Transport.BindError = SocketError.TooManyOpenSockets;
        for (uint id = 2; id <= 20; id += 2)
        {
            WireFrame refusal = Assert.Single(link.Receive(FrameStream.OpenUdp(id, Target), FrameStream.Datagram(id, null, 1)));
            Assert.Equal((id, ResetReason.LimitExceeded), (refusal.StreamId, refusal.ResetReason));
        }

        Assert.Equal(1, Lines(2206));
        Assert.Equal(10, link.Totals.DatagramsDropped);
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
        Loop.Advance(TimeSpan.FromSeconds(10));
        link.Receive(FrameStream.OpenUdp(22, Target), FrameStream.Datagram(22, null, 1));
        Assert.Equal(2, Lines(2206));
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("9 more like this", StringComparison.Ordinal));
        link.Transport.BindError = null;
        Accept(link, 24);
    }
}
