using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §10: datagrams that await no reply, at the acceptor.</summary>
public sealed class UnansweredTests : DatagramTest
{
    private readonly FakeResolver _resolver = new();

    [Fact]
    public void They_are_sent_from_one_port_that_only_sends_and_leave_nothing_behind()
    {
        LinkUnderTest link = NewLink(Open);
        LinkUnderTest second = NewLink(Open with { Beside = link, Peer = "site-c", Dialled = false });
        Assert.Empty(link.Receive(FrameStream.Datagram(0, "10.1.2.3:162", 1), FrameStream.Datagram(0, "[2001:db8::1]:162")));
        Assert.Empty(second.Receive(FrameStream.Datagram(0, "10.1.2.4:162", 3)));
        FakeDatagramSocket shared = Assert.Single(link.Transport.Datagrams);
        Assert.True(shared.IsSendOnly);
        Assert.Equal(["10.1.2.3:162 01", "[2001:db8::1]:162 ", "10.1.2.4:162 03"], Sent(shared));
        Assert.Equal(3, link.Totals.DatagramsToTargets);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
        Assert.Equal(0, link.Totals.ReplyPortsOpened);
        Assert.Equal(2 * KeepAlives, Loop.Timers);
    }

    [Fact]
    public void One_without_a_target_is_a_breach()
    {
        LinkUnderTest link = NewLink(Open);
        LinkUnderTest.AssertBreach(GoAwayReason.ProtocolError, link.Receive(FrameStream.Datagram(0, null, 1)));
        Assert.Empty(link.Transport.Datagrams);
    }

    [Fact]
    public void Without_the_capability_one_is_a_breach()
    {
        LinkUnderTest link = NewLink(Open with { PeerCapabilities = Capabilities.None });
        LinkUnderTest.AssertBreach(GoAwayReason.ProtocolError, link.Receive(FrameStream.Datagram(0, Target, 1)));
    }

    [Fact]
    public void A_target_that_is_refused_is_counted_and_said_once_in_a_while()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "10.1.2.0/24") });
        byte[] refused = FrameStream.Datagram(0, "10.9.9.9:162", 1);
        Assert.Empty(link.Receive(refused, refused, refused, FrameStream.Datagram(0, Target, 2)));
        Assert.Equal([$"{Target} 02"], Sent(link.Transport.Datagrams[0]));
        Assert.Equal(3, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, Lines(2204));
        Loop.Advance(TimeSpan.FromSeconds(10));
        link.Receive(refused);
        Assert.Equal(2, Lines(2204));
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("2 more like this", StringComparison.Ordinal));
    }

    [Fact]
    public void One_peer_is_not_let_in_by_the_rules_of_another()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "10.1.2.0/24") });
        LinkUnderTest second = NewLink(Open with { Beside = link, Peer = "site-c", Dialled = false });
        link.Receive(FrameStream.Datagram(0, Target, 1));
        second.Receive(FrameStream.Datagram(0, Target, 2));
        Assert.Equal([$"{Target} 01"], Sent(link.Transport.Datagrams[0]));
        Assert.Equal(1, link.Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void A_name_is_waited_for()
    {
        LinkUnderTest link = NewLink(Open with { Resolver = _resolver });
        link.Receive(FrameStream.Datagram(0, "nms.example:162", 1), FrameStream.Datagram(0, "nms.example:163", 2));
        Assert.Empty(link.Transport.Datagrams);
        _resolver.Answer("nms.example", "10.1.2.3");
        link.Receive(FrameStream.Datagram(0, "nms.example:162", 3));
        Assert.Equal(["10.1.2.3:162 01", "10.1.2.3:163 02", "10.1.2.3:162 03"], Sent(link.Transport.Datagrams[0]));
    }

    [Fact]
    public void A_name_that_does_not_exist_is_not_one_that_is_not_allowed()
    {
        LinkUnderTest link = NewLink(Open with { Resolver = _resolver });
        link.Receive(FrameStream.Datagram(0, "nowhere.example:162", 1));
        _resolver.Fail("nowhere.example", new SocketException((int)SocketError.HostNotFound));
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Totals.DatagramsDropped);
        Assert.Equal(0, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, Lines(2205));
    }

    [Fact]
    public void A_name_is_sent_to_where_it_may_be()
    {
        LinkUnderTest link = NewLink(Open with { Resolver = _resolver, Access = Udp.Allow("site-b", "10.1.2.0/24") });
        link.Receive(FrameStream.Datagram(0, "nms.example:162", 1), FrameStream.Datagram(0, "evil.example:162", 2));
        _resolver.Answer("nms.example", "10.9.9.9", "10.1.2.3");
        _resolver.Answer("evil.example", "127.0.0.1");
        Assert.Equal(["10.1.2.3:162 01"], Sent(link.Transport.Datagrams[0]));
        Assert.Equal(1, link.Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void With_no_port_to_be_had_they_are_dropped_and_the_next_one_tries_again()
    {
        LinkUnderTest link = NewLink(Open);
        link.Transport.BindError = SocketError.TooManyOpenSockets;
        Assert.Empty(link.Receive(FrameStream.Datagram(0, Target, 1), FrameStream.Datagram(0, Target, 2)));
        Assert.Equal(2, link.Totals.DatagramsDropped);
        Assert.Equal(1, Lines(2206));
        link.Transport.BindError = null;
        link.Receive(FrameStream.Datagram(0, Target, 3));
        Assert.Equal([$"{Target} 03"], Sent(link.Transport.Datagrams[0]));
    }

    [Fact]
    public void What_the_network_does_not_take_is_counted()
    {
        LinkUnderTest link = NewLink(Open);
        link.Receive(FrameStream.Datagram(0, Target, 1));
        foreach (DatagramSend result in new[] { DatagramSend.TooLarge, DatagramSend.Full, DatagramSend.Unreachable })
        {
            link.Transport.Datagrams[0].Result = result;
            Assert.Empty(link.Receive(FrameStream.Datagram(0, Target, 1)));
        }

        Assert.Equal((1, 1, 2), (link.Totals.DatagramsToTargets, link.Totals.DatagramsTooLarge, link.Totals.DatagramsDropped));
    }
}
