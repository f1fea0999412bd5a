using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>Design rules 4 and 5: every queue has a bound, and credit goes back when the local write completes.</summary>
public class BackPressureTests : RelayTest
{
    private const int Window = FlowControlDefaults.StartWindowBytes;

    [Fact]
    public void Reading_is_off_without_credit_and_on_again_with_it()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1000 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        Assert.True(local.IsReading);
        local.Receive(RandomBytes.Make(1, 1500));
        local.Receive(RandomBytes.Make(2, 300));
        Assert.Equal(1000, Assert.Single(link.Sent()).Header.PayloadLength);
        Assert.False(local.IsReading);
        Assert.Equal(IsGateIgnored ? 300 : 800, local.UnreadBytes); // without a gate the first read had all 1500

        Assert.Equal(400, Assert.Single(link.Receive(FrameStream.Update(stream.Id, 400))).Header.PayloadLength);
        Assert.False(local.IsReading);
        Assert.Equal([100, 300], link.Receive(FrameStream.Update(stream.Id, 1000)).Select(frame => frame.Header.PayloadLength));
        Assert.True(local.IsReading);
    }

    [Fact]
    public void Reading_is_off_when_the_credit_is_used_up_to_the_last_byte()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1000 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Receive(RandomBytes.Make(1, 1000));
        Assert.Single(link.Sent());
        Assert.False(local.IsReading);
        Assert.Empty(link.Receive(FrameStream.Update(stream.Id, 1)));
        Assert.True(local.IsReading);
    }

    [Fact]
    public void A_slow_application_holds_at_most_the_window_and_gives_credit_as_it_reads()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 0;
        byte[] bytes = RandomBytes.Make(1, Window);
        Assert.Empty(link.Receive([.. bytes.Chunk(100_000).Select(piece => FrameStream.Data(stream.Id, piece))]));
        Assert.Equal(Window, link.Memory.Held);
        Assert.InRange(Buffers.BytesInUse, Window, 4 * Window);

        local.Output.TellsPieces = true;
        local.Output.Drain((Window / 4) - 1);
        Assert.Empty(link.Sent());
        local.Output.Drain(1);
        WireFrame update = Assert.Single(link.Sent());
        Assert.Equal((FrameType.WindowUpdate, Window / 4), (update.Type, update.Credit));
        Assert.Equal(Window - (Window / 4), link.Memory.Held);
        local.Output.Drain(long.MaxValue);
        int given = update.Credit + link.Sent().Sum(frame => frame.Credit);
        Assert.InRange(given, Window - (Window / 4) + 1, Window);
        Assert.Equal(bytes, local.Output.Take());
        Assert.Equal(0, link.Memory.Held);
    }

    [Fact]
    public void Small_pieces_do_not_keep_large_receive_buffers()
    {
        LinkUnderTest link = NewLink();
        link.Socket.ReadBufferBytes = 256 * 1024;
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 0;
        for (int i = 0; i < 100; i++)
        {
            Assert.Empty(link.Receive(FrameStream.Data(stream.Id, RandomBytes.Make(i, 50))));
        }

        Assert.Equal(5000, link.Memory.Held);
        Assert.InRange(Buffers.BytesInUse, 5000, 4 * 65_536);
    }

    [Fact]
    public void When_memory_is_used_up_the_slow_stream_is_reset_and_the_others_go_on()
    {
        LinkUnderTest link = NewLink(new LinkSettings { MemoryBytes = 10_000 });
        RelayStream slow = Joined(link, out EmbeddedStreamSocket slowLocal);
        RelayStream fast = Joined(link, out EmbeddedStreamSocket fastLocal);
        slowLocal.Output.Room = 100;
        Assert.Empty(link.Receive(FrameStream.Data(slow.Id, new byte[10_100])));
        Assert.Equal(10_000, link.Memory.Held);

        WireFrame reset = Assert.Single(link.Receive(FrameStream.Data(slow.Id, 1), FrameStream.Data(fast.Id, 5, 6)));
        Assert.Equal((slow.Id, ResetReason.OutOfMemory), (reset.StreamId, reset.ResetReason));
        Assert.True(slowLocal.IsAborted);
        Assert.Equal([5, 6], fastLocal.Output.Take());
        Assert.Equal(0, link.Memory.Held);
        Assert.Equal(1, link.Link.StreamCount);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 2102);
        Assert.Empty(link.Receive(FrameStream.Data(slow.Id, 1, 2, 3), FrameStream.End(slow.Id)));
    }

    [Fact]
    public void When_the_process_has_no_memory_the_stream_that_needs_it_is_reset_and_the_link_goes_on()
    {
        const int Piece = 77;
        LinkUnderTest link = NewLink();
        RelayStream slow = Joined(link, out EmbeddedStreamSocket slowLocal);
        RelayStream fast = Joined(link, out EmbeddedStreamSocket fastLocal);
        slowLocal.Output.Room = 0;
        Buffers.MissingCapacity = Piece;

        WireFrame reset = Assert.Single(link.Receive(FrameStream.Data(slow.Id, new byte[Piece]), FrameStream.Data(fast.Id, new byte[1000])));

        Assert.Equal((slow.Id, ResetReason.OutOfMemory), (reset.StreamId, reset.ResetReason));
        Assert.True(slowLocal.IsAborted);
        Assert.Equal(1000, fastLocal.Output.Take().Length);
        Assert.Equal(0, link.Memory.Held);
        Assert.Equal(1, link.Link.StreamCount);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 2104);
    }

    [Fact]
    public void A_frame_whose_stream_is_reset_in_its_middle_is_thrown_away_to_its_end()
    {
        LinkUnderTest link = NewLink(new LinkSettings { MemoryBytes = 10 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 0;
        byte[] frame = FrameStream.Data(stream.Id, new byte[100]);
        link.Socket.Receive(frame.AsSpan(0, 30));
        link.Socket.Receive(frame.AsSpan(30));
        link.Socket.Receive(FrameStream.Ping(8));
        Assert.Equal([FrameType.ResetStream, FrameType.Pong], link.Sent().Select(f => f.Type));
    }

    [Fact]
    public void Data_for_a_target_that_is_still_dialled_counts_too()
    {
        LinkUnderTest link = NewLink(new LinkSettings { MemoryBytes = 1000 });
        link.Accept(2);
        Assert.Empty(link.Receive(FrameStream.Data(2, new byte[1000])));
        Assert.Equal(1000, link.Memory.Held);
        Assert.Equal(ResetReason.OutOfMemory, Assert.Single(link.Receive(FrameStream.Data(2, 1))).ResetReason);
        Assert.Equal(0, link.Memory.Held);
    }

    [Fact]
    public void A_slow_link_stops_the_application_after_one_buffer()
    {
        LinkUnderTest link = NewLink();
        Joined(link, out EmbeddedStreamSocket local);
        link.Socket.Output.Room = 100;
        for (int i = 0; i < 10; i++)
        {
            local.Receive(RandomBytes.Make(i, 4000));
        }

        Loop.RunTasks();
        Assert.Equal(!IsGateIgnored, local.IsReading);
        Assert.InRange(local.UnreadBytes, 8 * 4000, 9 * 4000);
        link.Socket.Output.Drain(long.MaxValue);
        Assert.Equal(40_000, link.Sent().Sum(frame => frame.Header.PayloadLength));
        Assert.True(local.IsReading);
    }

    private RelayStream Joined(LinkUnderTest link, out EmbeddedStreamSocket local)
    {
        local = NewSocket();
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        stream.Attach(local);
        return stream;
    }
}
