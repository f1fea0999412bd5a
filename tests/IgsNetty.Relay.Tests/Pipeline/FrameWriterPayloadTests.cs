using DotNetty.Buffers;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>Design rule 2: what is large is not copied.</summary>
public sealed class FrameWriterPayloadTests : IDisposable
{
    private const int Large = 10_000;

    private readonly LeakCheck _buffers = new();
    private readonly FakeOutput _output = new();
    private readonly FrameWriter _writer;

    public FrameWriterPayloadTests() =>
        _writer = new FrameWriter(new ManualEventLoop(), _output, _buffers, new PipelineOptions().SmallPayloadBytes, () => { }, () => Assert.Fail("overflow"));

    public void Dispose()
    {
        _writer.Close();
        _output.Close();
        _buffers.AssertNoLeaks();
    }

    [Fact]
    public void A_large_payload_is_not_copied_and_gets_its_header_in_the_headroom()
    {
        byte[] payload = RandomBytes.Make(1, Large);
        IByteBuffer buffer = _buffers.Holding(payload);
        byte[] array = buffer.Array;
        int allocations = _buffers.Allocations;
        _writer.WriteData(5, buffer, Large);
        Assert.Same(array, Assert.Single(_output.Arrays));
        Assert.Equal(1, _output.Sends);
        Assert.Equal(allocations, _buffers.Allocations);
        Assert.Equal(FrameStream.Data(5, payload), _output.Take());
    }

    [Fact]
    public void A_large_payload_without_headroom_is_not_copied_either()
    {
        byte[] payload = RandomBytes.Make(2, Large);
        IByteBuffer buffer = _buffers.Holding(payload, headroom: 7);
        byte[] array = buffer.Array;
        _writer.WriteData(5, buffer, Large);
        Assert.Same(array, _output.Arrays[^1]);
        Assert.Equal(FrameStream.Data(5, payload), _output.Take());
    }

    [Fact]
    public void A_payload_that_the_transport_also_holds_still_leaves_in_one_piece()
    {
        byte[] payload = RandomBytes.Make(3, Large);
        IByteBuffer buffer = _buffers.Holding(payload);
        buffer.Retain();
        _writer.WriteData(5, buffer, Large);
        Assert.Equal(1, _output.Sends);
        Assert.Equal(FrameStream.Data(5, payload), _output.Take());
        buffer.Release();
    }

    [Fact]
    public void An_earlier_part_that_waits_is_not_overwritten()
    {
        byte[] payload = RandomBytes.Make(3, 2 * Large);
        IByteBuffer buffer = _buffers.Holding(payload);
        _output.Room = Large / 2;
        _writer.WriteData(5, buffer, Large);
        _writer.WriteData(5, buffer, Large);
        _output.Drain(long.MaxValue);
        Assert.Equal(FrameStream.Join(FrameStream.Data(5, payload[..Large]), FrameStream.Data(5, payload[Large..])), _output.Take());
    }

    [Fact]
    public void Parts_of_a_buffer_leave_as_frames_and_the_rest_stays_with_the_caller()
    {
        byte[] payload = RandomBytes.Make(4, 3 * Large);
        IByteBuffer buffer = _buffers.Holding(payload);
        _output.Room = Large / 2;
        _writer.WriteData(5, buffer, Large);
        Assert.Equal(2 * Large, buffer.ReadableBytes);
        Assert.False(_writer.CanTakeData);
        _output.Drain(Large);
        Assert.True(_writer.CanTakeData);
        _writer.WriteData(5, buffer, 100);
        _output.Drain(long.MaxValue);
        _writer.WriteData(5, buffer, (2 * Large) - 100);
        byte[] expected = FrameStream.Join(
            FrameStream.Data(5, payload[..Large]), FrameStream.Data(5, payload[Large..(Large + 100)]), FrameStream.Data(5, payload[(Large + 100)..]));
        Assert.Equal(expected, _output.Take());
    }
}
