using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §4 on a link.</summary>
public sealed class StreamIdTests : RelayTest
{
    [Theory]
    [InlineData(true, 1u)]
    [InlineData(false, 2u)]
    public void This_side_opens_its_own_parity_upwards(bool dialled, uint first)
    {
        LinkUnderTest link = NewLink(new LinkSettings { Dialled = dialled });
        Assert.Equal([first, first + 2, first + 4], new[] { link.Open().Id, link.Open().Id, link.Open().Id });
    }

    [Theory]
    [InlineData(true, 1u)]
    [InlineData(true, 3u)]
    [InlineData(true, 0x7FFF_FFFFu)]
    [InlineData(false, 2u)]
    [InlineData(false, 0x7FFF_FFFEu)]
    public void The_peer_opens_the_other_parity(bool dialled, uint wrong)
    {
        LinkUnderTest link = NewLink(new LinkSettings { Dialled = dialled });
        LinkUnderTest.AssertBreach(GoAwayReason.StreamIdError, link.Receive(FrameStream.Open(wrong)));
        Assert.Empty(link.Connector.Requests);
    }

    [Theory]
    [InlineData(8u)]
    [InlineData(6u)]
    [InlineData(2u)]
    public void The_peers_IDs_go_upwards(uint late)
    {
        LinkUnderTest link = NewLink();
        Assert.Empty(link.Receive(FrameStream.Open(8)));
        LinkUnderTest.AssertBreach(GoAwayReason.StreamIdError, link.Receive(FrameStream.Open(late)));
    }

    [Fact]
    public void The_peer_may_leave_IDs_out_up_to_the_last()
    {
        LinkUnderTest link = NewLink();
        Assert.Empty(link.Receive(FrameStream.Open(2), FrameStream.Open(100), FrameStream.Open(StreamId.MaxValue - 1)));
        Assert.Equal(3, link.Link.StreamCount);
    }

    [Fact]
    public void An_ID_is_not_used_again_after_its_stream_has_ended()
    {
        LinkUnderTest link = NewLink();
        Assert.Empty(link.Receive(FrameStream.Open(2), FrameStream.Reset(2, ResetReason.Cancelled)));
        LinkUnderTest.AssertBreach(GoAwayReason.StreamIdError, link.Receive(FrameStream.Open(2)));
    }

    [Fact]
    public void An_ID_is_not_used_again_after_a_refusal()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { StreamsPerLink = 1 } });
        Assert.Equal(ResetReason.LimitExceeded, Assert.Single(link.Receive(FrameStream.Open(2), FrameStream.Open(4))).ResetReason);
        LinkUnderTest.AssertBreach(GoAwayReason.StreamIdError, link.Receive(FrameStream.Open(4)));
    }

    [Fact]
    public void A_frame_for_a_refused_stream_crossed_the_refusal()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { StreamsPerLink = 1 } });
        Assert.Single(link.Receive(FrameStream.Open(2), FrameStream.Open(4), FrameStream.Data(4, 1, 2), FrameStream.End(4)));
        Assert.False(link.IsClosed);
    }

    [Theory]
    [InlineData(true, StreamId.MaxValue)]
    [InlineData(false, StreamId.MaxValue - 1)]
    public void When_IDs_run_out_the_link_retires_and_ends_with_its_last_stream(bool dialled, uint last)
    {
        LinkUnderTest link = NewLink(new LinkSettings { Dialled = dialled, FirstStreamId = last });
        RelayStream stream = link.Open();
        Assert.Equal(last, stream.Id);
        Assert.Same(link.Link, link.Registry.Find("site-b", Loop));

        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal));
        Assert.Equal(ResetReason.NoRoute, refusal);
        Assert.True(link.Link.Retired.IsCompletedSuccessfully);
        Assert.Null(link.Registry.Find("site-b", Loop));
        WireFrame goAway = Assert.Single(link.Sent());
        Assert.Equal(GoAwayReason.IdsExhausted, goAway.GoAwayReason);
        Assert.False(link.IsClosed);

        stream.Reset(ResetReason.Cancelled);
        IReadOnlyList<WireFrame> end = link.Sent();
        Assert.Equal([FrameType.ResetStream, FrameType.GoAway], end.Select(frame => frame.Type));
        Assert.True(link.IsClosed);
    }

    [Fact]
    public void The_retired_link_still_serves_the_peers_streams_and_opens_none()
    {
        LinkUnderTest link = NewLink(new LinkSettings { FirstStreamId = StreamId.MaxValue });
        link.Open();
        link.Accept(link.Theirs());
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out _));
        _ = link.Sent();
        Assert.Empty(link.Receive(FrameStream.Data(link.Theirs(), 1, 2, 3)));
        WireFrame refusal = Assert.Single(link.Receive(FrameStream.Open(link.Theirs(1))));
        Assert.Equal(ResetReason.Shutdown, refusal.ResetReason);
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out _));
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void The_allocator_is_the_links()
    {
        Assert.True(new StreamIdAllocator(dialled: true).TryNext(out uint id));
        Assert.Equal(id, NewLink().Open().Id);
    }
}
