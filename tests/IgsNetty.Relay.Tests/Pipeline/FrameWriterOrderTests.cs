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

/// <summary>Whatever the kernel takes at a time, the bytes that leave are the frames in the order they were written.</summary>
public sealed class FrameWriterOrderTests
{
    private const int Operations = 3_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Random_writes_against_random_room(int seed, bool tellsPieces)
    {
        Random random = new(seed);
        ManualEventLoop loop = new();
        LeakCheck buffers = new();
        FakeOutput output = new() { TellsPieces = tellsPieces, Room = random.Next(1, 100) };
        FrameWriter writer = new(loop, output, buffers, new PipelineOptions().SmallPayloadBytes, () => { }, () => Assert.Fail("overflow"));
        List<byte[]> expected = [];
        IByteBuffer? data = null;
        for (int i = 0; i < Operations; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    expected.Add(Control(writer, random));
                    break;
                case 1 or 2 when writer.CanTakeData:
                    int size = random.Next(3) == 0 ? random.Next(1, 100_000) : random.Next(1, 4000);
                    data ??= buffers.Holding(RandomBytes.Make(i, size), headroom: random.Next(0, 12));
                    expected.Add(Part(writer, random, ref data));
                    break;
                case 3:
                    loop.RunTasks();
                    break;
                case 4:
                    writer.FlushTail();
                    break;
                default:
                    output.Drain(random.Next(1, 30_000));
                    break;
            }
        }

        loop.RunTasks();
        output.Drain(long.MaxValue);
        loop.RunTasks();
        Assert.Equal(0, output.PendingBytes);
        byte[] all = FrameStream.Join(expected);
        Assert.True(all.AsSpan().SequenceEqual(output.Sent), $"the stream differs from byte {all.AsSpan().CommonPrefixLength(output.Sent)} on");
        writer.Close();
        data?.Release();
        buffers.AssertNoLeaks();
    }

    private static byte[] Control(FrameWriter writer, Random random)
    {
        uint id = (uint)random.Next(1, 100);
        switch (random.Next(6))
        {
            case 0:
                writer.WriteWindowUpdate(id, 4711);
                return FrameStream.Update(id, 4711);
            case 1:
                writer.WriteEndOfStream(id);
                return FrameStream.End(id);
            case 2:
                writer.WriteResetStream(id, ResetReason.HostUnreachable);
                return FrameStream.Reset(id, ResetReason.HostUnreachable);
            case 3:
                writer.WriteOpenStream(id, OpenStream.Tcp(99, FrameStream.AnyTarget, null));
                return FrameStream.Open(id, 99);
            case 4:
                writer.WriteStreamOpened(id, new StreamOpened(5, null));
                return FrameStream.Opened(id, 5);
            default:
                writer.WritePing(FrameType.Pong, new Ping(id));
                return FrameStream.Pong(id);
        }
    }

    // Writes some of the buffer's bytes, or all of them: then the buffer is gone.
    private static byte[] Part(FrameWriter writer, Random random, ref IByteBuffer? data)
    {
        int size = data!.ReadableBytes;
        int count = random.Next(2) == 0 ? size : random.Next(1, size + 1);
        byte[] payload = new byte[count];
        data.GetBytes(data.ReaderIndex, payload);
        writer.WriteData(1, data, count);
        data = count == size ? null : data;
        return FrameStream.Data(1, payload);
    }
}
