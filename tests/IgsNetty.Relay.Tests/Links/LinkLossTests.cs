using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §1: a link is lost when its connection ends in any way; all its streams are then reset.</summary>
public sealed class LinkLossTests : RelayTest
{
    public enum Way
    {
        Fin,
        Rst,
        Closed,
    }

    [Theory]
    [InlineData(Way.Fin)]
    [InlineData(Way.Rst)]
    [InlineData(Way.Closed)]
    public void Every_stream_is_reset(Way way)
    {
        LinkUnderTest link = NewLink();
        RecordingOwner waiting = new();
        link.Open(waiting);
        RelayStream opened = link.Open();
        EmbeddedStreamSocket caller = NewSocket();
        opened.Attach(caller);
        Assert.Empty(link.Receive(FrameStream.Opened(opened.Id)));
        RelayStream half = link.Open();
        EmbeddedStreamSocket halfClosed = NewSocket();
        half.Attach(halfClosed);
        Assert.Empty(link.Receive(FrameStream.Opened(half.Id), FrameStream.End(half.Id)));
        EmbeddedStreamSocket called = NewSocket();
        link.Accept(link.Theirs()).Connect(called);
        _ = link.Sent();
        ConnectRequest underWay = link.Accept(link.Theirs(1));

        End(link, way);

        Assert.Equal(ResetReason.LinkLost, waiting.Refused);
        Assert.All([caller, halfClosed, called], socket => Assert.True(socket.IsAborted));
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(5, link.RelayLoop.Totals.StreamsReset);
        Assert.Equal(5, link.RelayLoop.Totals.StreamsEnded);
        Assert.True(link.Link.Retired.IsCompletedSuccessfully);
        Assert.True(link.Link.ChannelClosed.IsCompleted);
        Assert.Null(link.Registry.Find("site-b", null));

        EmbeddedStreamSocket late = NewSocket();
        underWay.Connect(late);
        Loop.RunTasks();
        Assert.True(late.IsAborted);
    }

    [Theory]
    [InlineData(Way.Fin)]
    [InlineData(Way.Rst)]
    public void In_the_middle_of_a_frame(Way way)
    {
        LinkUnderTest link = NewLink();
        link.Accept(link.Theirs());
        Assert.Empty(link.Receive(FrameStream.Data(link.Theirs(), 1, 2, 3, 4)[..10]));
        End(link, way);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(0, link.RelayLoop.Totals.Breaches);
    }

    [Fact]
    public void Nothing_is_opened_on_a_lost_link()
    {
        LinkUnderTest link = NewLink();
        End(link, Way.Rst);
        Assert.Null(link.Link.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal));
        Assert.Equal(ResetReason.NoRoute, refusal);
        link.Link.Retire(GoAwayReason.Shutdown, "");
        link.Link.Close(GoAwayReason.Shutdown, "");
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void A_socket_that_comes_after_the_loss_is_reset()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        End(link, Way.Fin);
        EmbeddedStreamSocket local = NewSocket();
        stream.Attach(local, Buffers.Holding([1, 2, 3]));
        Assert.True(local.IsAborted);
    }

    [Fact]
    public void A_stream_whose_bytes_have_all_arrived_outlives_its_link()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        local.Output.Room = 0;
        stream.Attach(local);
        local.ReceiveEnd();
        Assert.Single(link.Sent());
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id), FrameStream.Data(stream.Id, 1, 2, 3), FrameStream.End(stream.Id)));
        End(link, Way.Rst);
        Assert.False(local.IsAborted);
        local.Output.Drain(10);
        Loop.RunTasks();
        Assert.Equal([1, 2, 3], local.Output.Take());
        Assert.True(local.IsOutputShut);
        Assert.False(local.Active);
    }

    [Fact]
    public void The_log_says_how_many_streams_it_cost()
    {
        LinkUnderTest link = NewLink();
        link.Open();
        link.Open();
        End(link, Way.Rst);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2002 && entry.Message.Contains("2 streams are reset", StringComparison.Ordinal));
    }

    private void End(LinkUnderTest link, Way way)
    {
        switch (way)
        {
            case Way.Fin:
                link.Socket.ReceiveEnd();
                break;
            case Way.Rst:
                link.Socket.ReceiveReset();
                break;
            default:
                _ = link.Socket.CloseAsync();
                break;
        }

        Loop.RunTasks();
        Assert.False(link.Socket.Active);
    }
}
