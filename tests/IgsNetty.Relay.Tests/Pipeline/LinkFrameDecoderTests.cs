using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>docs/protocol.md §2 and §3: the same bytes make the same calls, however the network cuts them.</summary>
public sealed class LinkFrameDecoderTests
{
    private const int MaxPayload = 20_000;

    private static readonly byte[] Golden = FrameStream.Join(GoldenVectors.DataPhase.Select(vector => vector.Bytes.ToArray()));

    private static readonly string[] GoldenCalls =
        [.. GoldenVectors.DataPhase.Select(vector => RecordingSink.Line(vector.Header.Type, vector.Header.StreamId, vector.Payload))];

    [Fact]
    public void Golden_frames_cut_at_every_byte()
    {
        foreach (byte[][] pieces in Splits.InTwo(Golden))
        {
            Assert.Equal(GoldenCalls, Decode(pieces).Frames);
        }
    }

    [Fact]
    public void Golden_frames_byte_by_byte() => Assert.Equal(GoldenCalls, Decode(Splits.ByteByByte(Golden)).Frames);

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(300)]
    public void Golden_frames_cut_at_random(int most)
    {
        Random random = new(most);
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(GoldenCalls, Decode(Splits.AtRandom(Golden, random, most)).Frames);
        }
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Optional_frames_are_skipped(byte type)
    {
        byte[] optional = FrameStream.Raw((FrameType)type, 77, RandomBytes.Make(1, MaxPayload));
        byte[] empty = FrameStream.Raw((FrameType)type, 0);
        byte[] all = FrameStream.Join(GoldenVectors.DataPhase.SelectMany(vector => new[] { optional, empty, vector.Bytes.ToArray(), optional }));
        Random random = new(type);
        Assert.Equal(GoldenCalls, Decode([all]).Frames);
        Assert.Equal(GoldenCalls, Decode(Splits.AtRandom(all, random, 3000)).Frames);
        Assert.Equal(GoldenCalls, Decode(Splits.AtRandom(all, random, 9)).Frames);
    }

    [Fact]
    public void Data_is_passed_on_as_it_comes()
    {
        byte[] payload = RandomBytes.Make(2, 1000);
        byte[] frame = FrameStream.Data(9, payload);
        RecordingSink sink = Decode([frame[..3], frame[3..8], frame[8..9], frame[9..500], frame[500..]]);
        Assert.Equal([1, 491, 508], sink.Pieces);
        Assert.Equal([RecordingSink.Line(FrameType.Data, 9, payload)], sink.Frames);
    }

    [Fact]
    public void Small_frames_of_one_stream_in_one_read_are_passed_on_as_one_piece()
    {
        byte[] payload = RandomBytes.Make(2, 200);
        byte[] large = RandomBytes.Make(3, 5000);
        byte[] all = FrameStream.Join(
            [.. payload.Select(one => FrameStream.Data(9, one)), FrameStream.Data(9, large), FrameStream.Data(9, 1), FrameStream.Data(11, 2), FrameStream.Data(9, 3)]);
        RecordingSink sink = Decode([all]);
        Assert.Equal([200, 5001, 1, 1], sink.Pieces);
        Assert.Equal(
            [
                RecordingSink.Line(FrameType.Data, 9, [.. payload, .. large, 1]),
                RecordingSink.Line(FrameType.Data, 11, [2]),
                RecordingSink.Line(FrameType.Data, 9, [3]),
            ],
            sink.Frames);
    }

    [Fact]
    public void What_stands_between_them_keeps_its_place()
    {
        string[] calls =
        [
            RecordingSink.Line(FrameType.Data, 9, [1, 2]),
            RecordingSink.Line(FrameType.WindowUpdate, 9, [0, 0, 0, 5]),
            RecordingSink.Line(FrameType.Data, 9, [3]),
            RecordingSink.Line(FrameType.EndOfStream, 9, []),
        ];
        byte[] all = FrameStream.Join(
            FrameStream.Data(9, 1), FrameStream.Data(9, 2), FrameStream.Update(9, 5), FrameStream.Data(9, 3), FrameStream.End(9));
        foreach (byte[][] pieces in Splits.InTwo(all).Append([all]))
        {
            Assert.Equal(calls, Decode(pieces).Frames);
        }
    }

    [Fact]
    public void Data_is_the_last_when_its_streams_end_is_the_next_frame_of_the_read()
    {
        byte[] data = FrameStream.Join(FrameStream.Data(9, 1), FrameStream.Data(9, 2));
        Assert.Equal([9u], Decode([FrameStream.Join(data, FrameStream.End(9))]).Last);
        Assert.Equal([11u], Decode([FrameStream.Join(data, FrameStream.Data(11, 3), FrameStream.End(11), FrameStream.End(9))]).Last);
        Assert.Empty(Decode([data, FrameStream.End(9)]).Last); // it came later
        Assert.Empty(Decode([FrameStream.Join(data, FrameStream.Ping(1), FrameStream.End(9))]).Last);
        Assert.Empty(Decode([FrameStream.Join(data, FrameStream.End(11))]).Last);
        Assert.Empty(Decode([FrameStream.Join(FrameStream.End(9), data)]).Last);
    }

    [Fact]
    public void Data_before_a_breach_is_passed_on()
    {
        RecordingSink sink = Decode([FrameStream.Join(FrameStream.Data(9, 1), FrameStream.Data(9, 2), FrameStream.Raw(FrameType.Data, 0, 1))]);
        Assert.Equal([2], sink.Pieces);
        Assert.Equal(GoAwayReason.StreamIdError, Assert.Single(sink.Breaches).Reason);
    }

    [Fact]
    public void Data_behind_data_that_is_a_breach_is_not_passed_on()
    {
        RecordingSink sink = new() { Answer = new Breach(GoAwayReason.StreamIdError, "said the sink") };
        Feed(new LeakCheck(), sink, [FrameStream.Join(FrameStream.Data(1, 1, 2, 3), FrameStream.Data(3, 4))]);
        Assert.Equal([3], sink.Pieces);
        Assert.Single(sink.Breaches);
    }

    [Fact]
    public void A_turn_takes_so_many_frames_and_nothing_is_read_meanwhile()
    {
        const int Frames = (3 * LinkFrameDecoder.MostFrames) + 1;
        (RecordingSink sink, EmbeddedStreamSocket socket, ManualEventLoop loop) = Begin(new LeakCheck());
        socket.Receive(FrameStream.Join(Enumerable.Range(0, Frames).Select(i => FrameStream.Ping((ulong)i))));
        socket.Receive(FrameStream.Ping(Frames));
        List<int> turns = [];
        while (sink.Frames.Count <= Frames)
        {
            loop.RunTurn();
            turns.Add(sink.Frames.Count);
            Assert.Equal(sink.Frames.Count >= Frames, socket.IsReading);
        }

        Assert.Equal([256, 512, 768, 769, 770], turns.Distinct().SkipWhile(count => count == 0));
        Assert.Equal(Enumerable.Range(0, Frames + 1).Select(i => $"Ping 0 {i:x16}"), sink.Frames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_comes_behind_the_frames_that_wait_and_a_reset_takes_them_along(bool isReset)
    {
        LeakCheck buffers = new();
        (RecordingSink sink, EmbeddedStreamSocket socket, ManualEventLoop loop) = Begin(buffers);
        socket.Receive(FrameStream.Join(Enumerable.Range(0, 1000).Select(i => FrameStream.Ping((ulong)i))));
        while (sink.Frames.Count == 0)
        {
            loop.RunTurn();
        }

        if (isReset)
        {
            _ = socket.CloseAsync();
        }
        else
        {
            socket.Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance); // as TLS tells it
        }

        Assert.Equal(isReset ? 256 : 1000, sink.Frames.Count);
        loop.RunTasks();
        Assert.InRange(sink.Frames.Count, isReset ? 256 : 1000, isReset ? 512 : 1000);
        buffers.AssertNoLeaks();
    }

    [Fact]
    public void A_breach_ends_what_waits_too()
    {
        LeakCheck buffers = new();
        (RecordingSink sink, EmbeddedStreamSocket socket, ManualEventLoop loop) = Begin(buffers);
        socket.Receive(FrameStream.Join([.. Enumerable.Range(0, 300).Select(i => FrameStream.Ping((ulong)i)), FrameStream.Raw(FrameType.Data, 0, 1), Golden]));
        loop.RunTasks();
        Assert.Equal(300, sink.Frames.Count);
        Assert.Equal(GoAwayReason.StreamIdError, Assert.Single(sink.Breaches).Reason);
        buffers.AssertNoLeaks();
    }

    [Fact]
    public void What_is_kept_outlives_the_read_and_nothing_else_does()
    {
        LeakCheck buffers = new();
        RecordingSink sink = new() { Keeps = true };
        Feed(buffers, sink, [FrameStream.Data(1, 1, 2), FrameStream.Ping(5), FrameStream.Data(3, 4)]);
        Assert.Equal(2, sink.Kept.Count);
        Assert.True(buffers.BytesInUse > 0);
        Assert.All(sink.Kept, kept => Assert.True(kept.Release()));
        buffers.AssertNoLeaks();
    }

    [Fact]
    public void Frames_of_several_streams_keep_their_order()
    {
        Random random = new(12);
        List<byte[]> frames = [];
        List<string> calls = [];
        for (uint i = 1; i <= 200; i++)
        {
            // No two Data frames of one stream follow each other: the sink would take them for one.
            byte[] payload = RandomBytes.Make((int)i, random.Next(1, 3000));
            frames.Add(FrameStream.Data(i, payload));
            calls.Add(RecordingSink.Line(FrameType.Data, i, payload));
        }

        byte[] all = FrameStream.Join(frames);
        Assert.Equal(calls, Decode(Splits.AtRandom(all, random, 4000)).Frames);
        Assert.Equal(calls, Decode([all]).Frames);
    }

    [Theory]
    [InlineData(FrameType.Ping, 1u, 8, GoAwayReason.StreamIdError)]
    [InlineData(FrameType.Ping, 0u, 7, GoAwayReason.FrameSizeError)]
    [InlineData(FrameType.Data, 0x8000_0001u, 8, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.Data, 1u, MaxPayload + 1, GoAwayReason.FrameSizeError)]
    [InlineData(FrameType.Data, 1u, 0, GoAwayReason.FrameSizeError)]
    [InlineData(FrameType.Hello, 0u, 63, GoAwayReason.ProtocolError)]
    [InlineData((FrameType)0x30, 0u, 0, GoAwayReason.UnknownFrameType)]
    [InlineData((FrameType)0x90, 0u, MaxPayload + 1, GoAwayReason.FrameSizeError)]
    public void A_wrong_header_stops_everything_before_its_payload(FrameType type, uint id, int length, GoAwayReason reason)
    {
        byte[] header = new byte[FrameHeader.Size];
        new FrameHeader(length, type, id).Write(header);
        byte[] all = FrameStream.Join(FrameStream.Update(1, 5), header, Golden);
        foreach (byte[][] pieces in Splits.InTwo(all[..60]).Append([all]))
        {
            RecordingSink sink = Decode(pieces);
            Assert.Equal(reason, Assert.Single(sink.Breaches).Reason);
            Assert.Single(sink.Frames);
            Assert.Empty(sink.Pieces);
        }
    }

    [Fact]
    public void A_breach_that_the_sink_finds_stops_everything()
    {
        LeakCheck buffers = new();
        Breach breach = new(GoAwayReason.FlowControlError, "said the sink");
        RecordingSink sink = new() { Answer = breach };
        Feed(buffers, sink, [FrameStream.Join(FrameStream.Data(1, 1, 2, 3), FrameStream.Ping(1), Golden), Golden, [1]]);
        Assert.Same(breach, Assert.Single(sink.Breaches));
        Assert.Equal([3], sink.Pieces);
        Assert.Empty(sink.Frames);
        buffers.AssertNoLeaks();
    }

    private static RecordingSink Decode(IEnumerable<byte[]> pieces)
    {
        LeakCheck buffers = new();
        RecordingSink sink = new();
        Feed(buffers, sink, pieces);
        sink.EndData();
        buffers.AssertNoLeaks();
        return sink;
    }

    private static void Feed(LeakCheck buffers, RecordingSink sink, IEnumerable<byte[]> pieces)
    {
        (_, EmbeddedStreamSocket socket, ManualEventLoop loop) = Begin(buffers, sink);
        foreach (byte[] piece in pieces)
        {
            socket.Receive(piece);
        }

        loop.RunTasks();
        socket.CheckException();
        Assert.Equal(0, socket.UnreadBytes);
    }

    private static (RecordingSink Sink, EmbeddedStreamSocket Socket, ManualEventLoop Loop) Begin(LeakCheck buffers, RecordingSink? sink = null)
    {
        sink ??= new RecordingSink();
        ManualEventLoop loop = new();
        EmbeddedStreamSocket socket = new(loop, buffers);
        socket.Pipeline.AddLast(new LinkFrameDecoder(sink, MaxPayload));
        socket.Configuration.AutoRead = true;
        return (sink, socket, loop);
    }
}
