using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §9, GoAway both ways.</summary>
public sealed class GoAwayTests : RelayTest
{
    [Fact]
    public void Streams_the_peer_has_not_seen_are_reset_and_the_others_go_on()
    {
        LinkUnderTest link = NewLink();
        RecordingOwner[] owners = [new(), new(), new()];
        RelayStream[] streams = [.. owners.Select(owner => link.Open(owner))];
        link.Accept(link.Theirs());

        Assert.Empty(link.Receive(FrameStream.GoAway(streams[1].Id, GoAwayReason.Shutdown, "bye")));

        Assert.Equal([null, null, ResetReason.Shutdown], owners.Select(owner => owner.Refused));
        Assert.Equal(3, link.Link.StreamCount);
        Assert.Empty(link.Receive(FrameStream.Opened(streams[0].Id)));
        Assert.NotNull(owners[0].Opened);
        Assert.False(link.IsClosed);
    }

    [Fact]
    public void No_stream_is_opened_here_any_more()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        link.Receive(FrameStream.GoAway(stream.Id, GoAwayReason.Shutdown));
        Assert.True(link.Link.Retired.IsCompletedSuccessfully);
        Assert.Null(link.Registry.Find("site-b", null));
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal));
        Assert.Equal(ResetReason.NoRoute, refusal);
    }

    [Fact]
    public void The_link_is_closed_when_the_last_stream_has_ended()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.GoAway(stream.Id, GoAwayReason.Shutdown)));
        EmbeddedStreamSocket local = NewSocket();
        stream.Attach(local);
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id), FrameStream.Data(stream.Id, 1, 2), FrameStream.End(stream.Id)));
        Assert.False(link.IsClosed);
        local.ReceiveEnd();
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal([FrameType.EndOfStream, FrameType.GoAway], sent.Select(frame => frame.Type));
        Assert.Equal([1, 2], local.Output.Take());
        Assert.True(link.Socket.IsOutputShut);
        Assert.False(link.Socket.IsAborted);
        link.Socket.ReceiveEnd();
        Loop.RunTasks();
        Assert.False(link.Socket.Active);
    }

    [Fact]
    public void An_idle_link_is_closed_at_once()
    {
        LinkUnderTest link = NewLink();
        Assert.Equal(FrameType.GoAway, Assert.Single(link.Receive(FrameStream.GoAway(0, GoAwayReason.Shutdown))).Type);
        Assert.True(link.Socket.IsOutputShut);
    }

    [Fact]
    public void Twice_is_not_once_too_often()
    {
        LinkUnderTest link = NewLink();
        RecordingOwner first = new();
        RecordingOwner second = new();
        uint id = link.Open(first).Id;
        Assert.Empty(link.Receive(
            FrameStream.GoAway(link.Open(second).Id, GoAwayReason.Shutdown), FrameStream.GoAway(id, GoAwayReason.InternalError)));
        Assert.Null(first.Refused);
        Assert.Equal(ResetReason.Shutdown, second.Refused);
    }

    [Fact]
    public void Retiring_tells_the_last_stream_that_was_seen()
    {
        LinkUnderTest link = NewLink();
        link.Accept(2);
        link.Accept(6);
        link.Link.Retire(GoAwayReason.Shutdown, "the gateway stops");
        WireFrame goAway = Assert.Single(link.Sent());
        Assert.Equal([0, 0, 0, 6, 0, 0, .. "the gateway stops"u8], goAway.Payload.ToArray());
        link.Link.Retire(GoAwayReason.Shutdown, "again");
        Assert.Empty(link.Sent());
        Assert.False(link.IsClosed);

        Assert.Equal(ResetReason.Shutdown, Assert.Single(link.Receive(FrameStream.Open(8))).ResetReason);
        Assert.Empty(link.Receive(FrameStream.Reset(2, ResetReason.Cancelled)));
        Assert.Equal(FrameType.GoAway, Assert.Single(link.Receive(FrameStream.Reset(6, ResetReason.Cancelled))).Type);
        Assert.True(link.IsClosed);
    }

    [Fact]
    public void Both_at_once()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        link.Link.Retire(GoAwayReason.Shutdown, "");
        link.Receive(FrameStream.GoAway(stream.Id, GoAwayReason.Shutdown));
        Assert.False(link.IsClosed);
        link.Receive(FrameStream.Reset(stream.Id, ResetReason.Cancelled));
        Assert.True(link.IsClosed);
    }

    [Fact]
    public void A_breach_names_the_last_stream_too_and_resets_all()
    {
        LinkUnderTest link = NewLink();
        RecordingOwner owner = new();
        link.Open(owner);
        link.Accept(4);
        IReadOnlyList<WireFrame> sent = link.Receive(FrameStream.Raw((FrameType)0x33, 0), FrameStream.Open(6));
        WireFrame goAway = Assert.Single(sent);
        Assert.Equal(GoAwayReason.UnknownFrameType, goAway.GoAwayReason);
        Assert.Equal(4, goAway.Credit);
        Assert.Equal(ResetReason.LinkLost, owner.Refused);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Single(link.Connector.Requests);
    }

    [Fact]
    public void What_still_comes_after_a_breach_is_thrown_away()
    {
        LinkUnderTest link = NewLink();
        _ = link.Receive(FrameStream.Raw((FrameType)0x33, 0));
        Assert.Empty(link.Receive(FrameStream.Open(6), FrameStream.Ping(1), FrameStream.Raw((FrameType)0x33, 0)));
        Assert.Equal(1, link.RelayLoop.Totals.Breaches);
        Assert.Empty(link.Connector.Requests);
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.False(link.Socket.Active);
    }
}
