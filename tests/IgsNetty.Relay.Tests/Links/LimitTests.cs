using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §6: what is refused is refused by stream; the link goes on.</summary>
public sealed class LimitTests : RelayTest
{
    [Fact]
    public void Streams_over_the_announced_number_are_refused()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { StreamsPerLink = 2 } });
        IReadOnlyList<WireFrame> sent = link.Receive(FrameStream.Open(2), FrameStream.Open(4), FrameStream.Open(6));
        WireFrame refusal = Assert.Single(sent);
        Assert.Equal(6u, refusal.StreamId);
        Assert.Equal(ResetReason.LimitExceeded, refusal.ResetReason);
        Assert.Equal(2, link.Connector.Requests.Count);
        Assert.Equal(1, link.RelayLoop.Totals.OpensRefused);

        Assert.Empty(link.Receive(FrameStream.Reset(2, ResetReason.Cancelled), FrameStream.Open(8)));
        Assert.Equal(3, link.Connector.Requests.Count);
    }

    [Fact]
    public void Streams_that_this_side_opened_are_not_the_peers()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { StreamsPerLink = 1 } });
        link.Open();
        link.Open();
        Assert.Empty(link.Receive(FrameStream.Open(2)));
    }

    [Fact]
    public void Opens_over_the_rate_are_refused()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 2 } });
        byte[][] opens = [.. Enumerable.Range(1, 50).Select(i => FrameStream.Open(2 * (uint)i))];
        IReadOnlyList<WireFrame> sent = link.Receive(opens);

        // More than two only if this test stands still for seconds.
        Assert.True(link.Connector.Requests.Count >= 2);
        Assert.Equal(50, sent.Count + link.Connector.Requests.Count);
        Assert.NotEmpty(sent);
        Assert.All(sent, refusal => Assert.Equal(ResetReason.LimitExceeded, refusal.ResetReason));
        Assert.False(link.IsClosed);
    }

    [Fact]
    public void The_rate_is_the_peers_over_all_its_links()
    {
        LinkSettings settings = new() { Limits = new RelayLimits { OpensPerSecondPerPeer = 2 } };
        LinkUnderTest first = NewLink(settings);
        LinkUnderTest second = NewLink(settings with { Registry = first.Registry });
        LinkUnderTest other = NewLink(settings with { Registry = first.Registry, Peer = "site-c" });
        byte[][] opens = [.. Enumerable.Range(1, 50).Select(i => FrameStream.Open(2 * (uint)i))];
        _ = first.Receive(opens);
        Assert.NotEmpty(second.Receive(opens));
        Assert.True(second.Connector.Requests.Count < 50);
        _ = other.Receive(opens);
        Assert.True(other.Connector.Requests.Count >= 2, "another peer has its own rate");
    }

    [Fact]
    public void No_more_streams_are_opened_than_the_peer_lets()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerMaxStreams = 2 });
        RelayStream first = link.Open();
        link.Open();
        link.Accept(link.Theirs());
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal));
        Assert.Equal(ResetReason.LimitExceeded, refusal);
        Assert.False(link.Link.Retired.IsCompleted);
        first.Reset(ResetReason.Cancelled);
        _ = link.Sent();
        Assert.Equal(5u, link.Open().Id);
    }

    [Fact]
    public void A_peer_that_lets_no_streams_be_opened_gets_none()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerMaxStreams = 0 });
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal));
        Assert.Equal(ResetReason.LimitExceeded, refusal);
    }

    [Fact]
    public void UDP_without_the_capability_is_unsupported()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerCapabilities = Capabilities.None });
        WireFrame refusal = Assert.Single(link.Receive(FrameStream.Open(2, protocol: StreamProtocol.Udp)));
        Assert.Equal(ResetReason.Unsupported, refusal.ResetReason);
        Assert.Empty(link.Transport.Datagrams);
        Assert.False(link.IsClosed);
    }

    [Theory]
    [InlineData(ResetReason.ConnectionRefused)]
    [InlineData(ResetReason.ConnectTimeout)]
    [InlineData(ResetReason.NotAllowed)]
    [InlineData(ResetReason.NameNotFound)]
    public void A_target_that_cannot_be_opened_is_told_why(ResetReason reason)
    {
        LinkUnderTest link = NewLink();
        ConnectRequest request = link.Accept(2);
        Assert.Equal(FrameStream.AnyTarget, request.Target);
        Assert.Equal("site-b", request.Caller);
        request.Fail(reason);
        WireFrame refusal = Assert.Single(link.Sent());
        Assert.Equal(FrameType.ResetStream, refusal.Type);
        Assert.Equal(reason, refusal.ResetReason);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(1, link.RelayLoop.Totals.OpensRefused);
    }

    [Fact]
    public void A_peer_that_does_not_read_the_control_frames_it_asks_for_is_cut_off()
    {
        const int Each = 4096;
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 1 } });
        link.Socket.Output.Room = 0;
        for (uint i = 0; i < 200 && !link.Link.Retired.IsCompleted; i++)
        {
            link.Socket.Receive(FrameStream.Join(Enumerable.Range(1, Each).Select(n => FrameStream.Open(2 * ((i * Each) + (uint)n)))));
            Loop.Advance(TimeSpan.FromMilliseconds(100)); // slow enough to be no flood
        }

        Assert.True(link.Link.Retired.IsCompleted);
        Assert.Equal(1, link.RelayLoop.Totals.Breaches);
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("does not read the control frames", StringComparison.Ordinal));
        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.False(link.Socket.Active);
    }
}
