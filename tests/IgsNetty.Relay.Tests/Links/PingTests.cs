using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §9, Ping and Pong.</summary>
public sealed class PingTests : RelayTest
{
    [Theory]
    [InlineData(0ul)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x0102030405060708ul)]
    public void A_ping_is_answered_with_its_eight_bytes(ulong opaque)
    {
        LinkUnderTest link = NewLink();
        WireFrame pong = Assert.Single(link.Receive(FrameStream.Ping(opaque)));
        Assert.Equal(FrameStream.Pong(opaque)[FrameHeader.Size..], pong.Bytes.ToArray());
        Assert.Equal(FrameType.Pong, pong.Type);
        Assert.Equal(0u, pong.StreamId);
    }

    [Fact]
    public void Pings_are_answered_in_order()
    {
        LinkUnderTest link = NewLink();
        IReadOnlyList<WireFrame> pongs = link.Receive(FrameStream.Ping(1), FrameStream.Ping(2), FrameStream.Ping(3));
        Assert.Equal([1, 2, 3], pongs.Select(pong => pong.Bytes.Span[7]));
    }

    [Fact]
    public void A_pong_that_nobody_waits_for_is_thrown_away()
    {
        LinkUnderTest link = NewLink();
        Assert.Empty(link.Receive(FrameStream.Pong(99), FrameStream.Pong(0), FrameStream.Pong(0)));
        Assert.Equal(TimeSpan.Zero, link.Link.RoundTripForWindows());
    }

    [Fact]
    public void The_answer_to_our_own_gives_the_round_trip()
    {
        LinkUnderTest link = NewLink();
        link.Link.SendPing();
        byte[] ours = Assert.Single(link.Sent()).Bytes.ToArray();
        Loop.Advance(TimeSpan.FromMilliseconds(7));
        Assert.Empty(link.Receive(FrameStream.Raw(FrameType.Pong, 0, ours)));
        Assert.Equal(TimeSpan.FromMilliseconds(7), link.Link.RoundTripForWindows());
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(link.Receive(FrameStream.Raw(FrameType.Pong, 0, ours)));
        Assert.Equal(TimeSpan.FromMilliseconds(7), link.Link.RoundTripForWindows());
    }

    [Theory]
    [InlineData(null, false, 1.9)]
    [InlineData(499, true, 1.9)]
    [InlineData(500, false, 1.9)]
    [InlineData(500, false, 2)]
    public void The_round_trips_limit_what_waits_in_the_kernel(int? microsecondsOfTcp, bool isNear, double milliseconds)
    {
        LinkUnderTest link = NewLink();
        link.Socket.LeastRoundTrip = microsecondsOfTcp is { } least ? TimeSpan.FromMicroseconds(least) : null;
        Assert.Null(link.Socket.QueueLimit);
        link.Link.SendPing();
        byte[] ping = Assert.Single(link.Sent()).Bytes.ToArray();
        Loop.Advance(TimeSpan.FromMilliseconds(milliseconds));
        link.Receive(FrameStream.Raw(FrameType.Pong, 0, ping));
        int times = milliseconds < FlowControlDefaults.ShortPath.TotalMilliseconds ? 1 : 4;
        PipelineOptions standard = new();
        Assert.Equal((times * standard.LinkUnsentBytes, isNear ? standard.LinkSendBufferBytes : 0), link.Socket.QueueLimit);
    }
}
