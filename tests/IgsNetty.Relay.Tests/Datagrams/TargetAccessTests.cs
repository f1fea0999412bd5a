using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §10: the acceptor checks every target against its access rules.</summary>
public sealed class TargetAccessTests : DatagramTest
{
    private static readonly LinkSettings Some = Open with { Access = Udp.Allow("site-b", "10.1.2.0/24") };

    [Fact]
    public void A_flow_whose_target_is_refused_is_reset()
    {
        LinkUnderTest link = NewLink(Some);
        WireFrame refusal = Assert.Single(link.Receive(
            FrameStream.OpenUdp(2, "10.9.9.9:53"), FrameStream.Datagram(2, null, 1), FrameStream.Datagram(2, null, 2)));
        Assert.Equal((FrameType.ResetStream, 2u, ResetReason.NotAllowed), (refusal.Type, refusal.StreamId, refusal.ResetReason));
        Assert.Empty(link.Transport.Datagrams);
        Assert.Equal(1, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, Lines(2204));
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
    }

    [Fact]
    public void One_more_target_that_is_refused_stays_unreached()
    {
        LinkUnderTest link = NewLink(Some);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Receive(
            FrameStream.Datagram(2, "10.9.9.9:53", 1), FrameStream.Datagram(2, "10.9.9.8:53", 2), FrameStream.Datagram(2, "10.9.9.9:53", 3)));
        Assert.Empty(Sent(port));
        Assert.Equal(3, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, Lines(2204));
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 4), FrameStream.Datagram(2, "10.1.2.9:1", 5)));
        Assert.Equal([$"{Target} 04", "10.1.2.9:1 05"], Sent(port));
    }

    [Fact]
    public void A_flow_may_begin_with_a_target_that_is_refused_when_it_is_not_that_of_the_flow()
    {
        LinkUnderTest link = NewLink(Some);
        Assert.Empty(link.Receive(FrameStream.OpenUdp(2, Target), FrameStream.Datagram(2, "10.9.9.9:53", 1)));
        Assert.Empty(link.Transport.Datagrams);
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 2)));
        Assert.Equal([$"{Target} 02"], Sent(Port(link)));
    }

    [Fact]
    public void The_port_is_asked_for_too()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "10.1.2.3") });
        FakeDatagramSocket port = Accept(link, 2);
        link.Receive(FrameStream.Datagram(2, "[::ffff:10.1.2.3]:99", 1), FrameStream.Datagram(2, "[::10.1.2.4]:53", 2));
        Assert.Equal(["10.1.2.3:99 01"], Sent(port));
    }

    [Fact]
    public void Rules_of_others_do_not_count()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("local", "*") });
        Assert.Equal(ResetReason.NotAllowed, Assert.Single(link.Receive(FrameStream.OpenUdp(2, Target), FrameStream.Datagram(2, null, 1))).ResetReason);
    }

    [Fact]
    public void With_no_rules_a_peer_may_send_nowhere()
    {
        LinkUnderTest link = NewLink();
        Assert.Equal(ResetReason.NotAllowed, Assert.Single(link.Receive(FrameStream.OpenUdp(2, Target), FrameStream.Datagram(2, null, 1))).ResetReason);
    }

    [Fact]
    public void An_address_is_not_allowed_because_a_name_that_leads_there_was()
    {
        FakeResolver resolver = new();
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "*.plant.example"), Resolver = resolver });
        link.Receive(FrameStream.OpenUdp(2, "dns.plant.example:53"), FrameStream.Datagram(2, null, 1));
        resolver.Answer("dns.plant.example", "10.9.9.9");
        link.Receive(FrameStream.Datagram(2, "10.9.9.9:53", 2), FrameStream.Datagram(2, "x.other.example:53", 3), FrameStream.Datagram(2, "dns.plant.example:53", 4));
        resolver.Answer("x.other.example", "10.9.9.9");
        Assert.Equal(["10.9.9.9:53 01", "10.9.9.9:53 04"], Sent(Port(link)));
        Assert.Equal(2, link.Totals.DatagramsNotAllowed);
        Port(link).Receive(Udp.Address("10.9.9.9:53"), 5);
        Assert.Equal(["2 target 05"], Datagrams(link.Sent()));
    }
}
