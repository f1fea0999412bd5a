using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>Design rule 3: what is small leaves together, and waiting is bounded.</summary>
public sealed class FrameWriterTests : IDisposable
{
    private const int Large = 10_000;

    private readonly ManualEventLoop _loop = new();
    private readonly LeakCheck _buffers = new();
    private readonly FakeOutput _output = new();
    private readonly FrameWriter _writer;
    private int _drained;
    private int _overflowed;

    public FrameWriterTests() =>
        _writer = new FrameWriter(_loop, _output, _buffers, new PipelineOptions().SmallPayloadBytes, () => _drained++, () => _overflowed++);

    public void Dispose()
    {
        _writer.Close();
        _output.Close();
        _buffers.AssertNoLeaks();
    }

    [Fact]
    public void Many_small_frames_leave_in_one_send()
    {
        for (uint i = 1; i <= 100; i++)
        {
            _writer.WriteWindowUpdate(i, 7);
            _writer.WriteData(i, _buffers.Holding(RandomBytes.Make((int)i, 64)), 64);
        }

        Assert.Equal(0, _output.Sends);
        _loop.RunTasks();
        Assert.Equal(1, _output.Sends);
        IReadOnlyList<WireFrame> frames = FrameStream.Parse(_output.Take());
        Assert.Equal(200, frames.Count);
        for (int i = 0; i < 200; i += 2)
        {
            Assert.Equal(FrameType.WindowUpdate, frames[i].Type);
            Assert.Equal(RandomBytes.Make((i / 2) + 1, 64), frames[i + 1].Bytes.ToArray());
        }
    }

    [Fact]
    public void A_small_frame_that_comes_alone_leaves_at_the_end_of_the_turn()
    {
        _writer.WritePing(FrameType.Ping, new Ping(1));
        Assert.True(_output.Sent.IsEmpty);
        _loop.RunTasks();
        Assert.Equal(FrameStream.Ping(1), _output.Take());
        _loop.RunTasks();
        Assert.Equal(1, _output.Sends);
    }

    [Fact]
    public void Earlier_small_frames_go_first()
    {
        byte[] payload = RandomBytes.Make(5, Large);
        _writer.WriteResetStream(3, ResetReason.Cancelled);
        _writer.WriteData(5, _buffers.Holding(payload), Large);
        _writer.WriteEndOfStream(5);
        _loop.RunTasks();
        byte[] expected = FrameStream.Join(FrameStream.Reset(3, ResetReason.Cancelled), FrameStream.Data(5, payload), FrameStream.End(5));
        Assert.Equal(expected, _output.Take());
    }

    [Fact]
    public void While_bytes_wait_small_frames_gather_and_follow_in_one_piece()
    {
        _output.Room = 3;
        _writer.WritePing(FrameType.Ping, new Ping(1));
        _loop.RunTasks();
        Assert.False(_writer.CanTakeData);
        for (ulong i = 2; i < 50; i++)
        {
            _writer.WritePing(FrameType.Pong, new Ping(i));
            _loop.RunTasks();
        }

        Assert.Single(_output.Arrays);
        Assert.Equal(13, _output.PendingBytes);
        Assert.Equal(0, _drained);
        _output.Drain(long.MaxValue);
        Assert.Equal(1, _drained);
        Assert.Equal(3, _output.Sends);
        Assert.Equal(49, FrameStream.Parse(_output.Take()).Count);
    }

    [Fact]
    public void It_is_told_to_go_on_only_when_nothing_waits()
    {
        _output.Room = 0;
        _writer.WriteData(1, _buffers.Holding(RandomBytes.Make(6, Large)), Large);
        _output.TellsPieces = true;
        _output.Drain(Large);
        Assert.Equal(0, _drained);
        Assert.False(_writer.CanTakeData);
        _output.Drain(FrameHeader.Size);
        Assert.Equal(1, _drained);
    }

    [Fact]
    public void A_peer_that_never_reads_what_it_asks_for_is_told_of()
    {
        _output.Room = 0;
        int frames = 0;
        while (_overflowed == 0)
        {
            _writer.WritePing(FrameType.Pong, new Ping(1));
            _loop.RunTasks();
            Assert.True(++frames < 1_000_000);
        }

        Assert.InRange(frames * 16, 4 * 1024 * 1024, (4 * 1024 * 1024) + (2 * 65536));
        Assert.InRange(_buffers.BytesInUse, 4 * 1024 * 1024, 5 * 1024 * 1024);
    }

    [Fact]
    public void After_its_close_everything_is_thrown_away()
    {
        _output.Room = 0;
        _writer.WritePing(FrameType.Ping, new Ping(1));
        _writer.Close();
        Assert.False(_writer.CanTakeData);
        _writer.WriteData(1, _buffers.Holding(RandomBytes.Make(7, Large)), Large);
        _writer.WriteData(1, _buffers.Holding([1, 2, 3]), 3);
        IByteBuffer part = _buffers.Holding([1, 2, 3]);
        _writer.WriteData(1, part, 2);
        Assert.Equal(1, part.ReadableBytes);
        part.Release();
        _writer.WriteOpenStream(1, OpenStream.Tcp(1, FrameStream.AnyTarget, null));
        _writer.WriteGoAway(new GoAway(0, GoAwayReason.Shutdown, "late"));
        _loop.RunTasks();
        _output.Drain(long.MaxValue);
        Assert.True(_output.Sent.IsEmpty);
        Assert.Equal(0, _drained);
    }
}
