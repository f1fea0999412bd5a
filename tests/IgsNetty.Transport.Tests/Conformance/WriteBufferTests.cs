using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Every kind and size of buffer that may be written, and what a channel says of its room.</summary>
public abstract class WriteBufferTests : TransportTests
{
    private const int Low = 100_000;
    private const int High = 300_000;

    public enum Way
    {
        Write,
        Send,
    }

    public static TheoryData<Way, bool> Ways => new() { { Way.Write, false }, { Way.Write, true }, { Way.Send, false }, { Way.Send, true } };

    [Theory, MemberData(nameof(Ways))]
    public async Task Buffers_of_every_kind_are_sent_whole_and_in_order(Way way, bool isFull)
    {
        byte[] expected = [];
        Connection connection;
        if (isFull)
        {
            (connection, expected) = await CongestAsync(Origin.Dialled);
        }
        else
        {
            connection = await DialAsync();
        }

        for (int round = 0; round < 6; round++)
        {
            byte[] bytes = Bytes.Random(5_000 + (round * 1000), seed: round);
            await connection.Loop.CallAsync(() =>
            {
                foreach (IByteBuffer buffer in Kinds(bytes))
                {
                    expected = [.. expected, .. Content(buffer)];
                    if (way == Way.Send)
                    {
                        connection.Socket.Send(buffer);
                    }
                    else
                    {
                        _ = connection.Channel.WriteAsync(buffer);
                    }
                }

                connection.Channel.Flush();
            });
        }

        Bytes.AssertSame(expected, await connection.Peer.ReceiveAsync(expected.Length));
    }

    [Theory, InlineData(Way.Write), InlineData(Way.Send)]
    public async Task Sixty_four_MiB_in_one_buffer(Way way)
    {
        byte[] bytes = [.. Bytes.Bulk, .. Bytes.Bulk];
        bytes.AsSpan(Bytes.Bulk.Length).Reverse();
        Connection connection = await DialAsync();
        await connection.Loop.CallAsync(() =>
        {
            IByteBuffer buffer = Unpooled.WrappedBuffer(bytes);
            _ = way == Way.Send ? connection.Socket.Send(buffer) : connection.Channel.WriteAndFlushAsync(buffer).Id;
        });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
    }

    [Theory, InlineData(Way.Write), InlineData(Way.Send)]
    public async Task Sixty_four_MiB_in_pieces_that_all_wait_at_once(Way way)
    {
        const int Piece = 64 * 1024;
        Connection connection = await DialAsync();
        await connection.Loop.CallAsync(() =>
        {
            for (int i = 0; i < 2 * Bytes.Bulk.Length; i += Piece)
            {
                IByteBuffer buffer = Unpooled.WrappedBuffer(Bytes.Bulk, i % Bytes.Bulk.Length, Piece);
                _ = way == Way.Send ? connection.Socket.Send(buffer) : connection.Channel.WriteAsync(buffer).Id;
            }

            connection.Channel.Flush();
        });
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
    }

    [Fact]
    public async Task Writability_follows_the_watermarks()
    {
        (Connection connection, Writability told) = await FullAsync();
        byte[] bytes = Bytes.Random(4 * High);
        await connection.Loop.CallAsync(() =>
        {
            IChannel channel = connection.Channel;
            for (int i = 0; i < bytes.Length; i += 10_000)
            {
                Assert.Equal(i <= High - 10_000, channel.IsWritable); // an entry counts with a little more than its bytes
                _ = channel.WriteAsync(Pool.Holding(bytes.AsSpan(i, 10_000)));
            }

            channel.Flush();
        });
        await Waiting.UntilAsync(() => told.Told.Length == 1, "the change");
        await SettleAsync();
        Assert.Equal([false], told.Told); // nobody reads
        await connection.Peer.ReceiveAsync(bytes.Length);
        await Waiting.UntilAsync(() => told.Told.Length == 2, "the change back");
        await SettleAsync();
        Assert.Equal([false, true], told.Told);
    }

    // The way DotNetty's users throttle: it must never end with both waiting for the other.
    [Fact]
    public async Task Writing_whenever_it_is_writable_sends_everything()
    {
        (Connection connection, Writability told) = await FullAsync();
        byte[] bytes = Bytes.Random(12 << 20);
        int next = 0;
        long most = 0;
        void WriteMore(IChannel channel)
        {
            while (channel.IsWritable && next < bytes.Length)
            {
                int count = Math.Min(7_000, bytes.Length - next);
                _ = channel.WriteAsync(Pool.Holding(bytes.AsSpan(next, count)));
                next += count;
                most = Math.Max(most, channel.Unsafe.OutboundBuffer.TotalPendingWriteBytes());
            }

            channel.Flush();
        }

        told.On = channel => channel.EventLoop.Execute(() => WriteMore(channel)); // WriteReentryTests do it at once
        await connection.Loop.CallAsync(() => WriteMore(connection.Channel));
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length, atOnce: 30_000));
        Assert.InRange(most, High, High + 10_000);
    }

    private async Task<(Connection Connection, Writability Told)> FullAsync()
    {
        Connection connection = await DialAsync(peerBuffer: 16 * 1024);
        connection.LimitSendBuffer(16 * 1024);
        Writability told = new();
        await connection.Loop.CallAsync(() =>
        {
            connection.Channel.Configuration.WriteBufferHighWaterMark = High;
            connection.Channel.Configuration.WriteBufferLowWaterMark = Low;
            connection.Channel.Pipeline.AddFirst(told);
        });
        return (connection, told);
    }

    private IEnumerable<IByteBuffer> Kinds(byte[] bytes)
    {
        yield return Unpooled.Empty;
        yield return Pool.Holding(bytes);
        yield return Pool.Holding([]);
        yield return Unpooled.WrappedBuffer(bytes, 100, 2_000); // an array the collector may move
        yield return UnpooledByteBufferAllocator.Default.HeapBuffer(10_000).WriteBytes(bytes, 7, 3_000);
        IByteBuffer whole = Pool.Holding(bytes);
        yield return whole.RetainedSlice(17, 1_000);
        yield return whole.RetainedDuplicate().SkipBytes(4_000);
        yield return whole.SkipBytes(bytes.Length); // nothing to read any more
        yield return Pool.Allocator.CompositeBuffer()
            .AddComponent(true, Pool.Holding(bytes.AsSpan(0, 1_500)))
            .AddComponent(true, Unpooled.Empty)
            .AddComponent(true, Unpooled.WrappedBuffer(bytes, 50, 1_234));
        yield return Pool.Allocator.CompositeBuffer()
            .AddComponents(true, [.. Enumerable.Range(0, 40).Select(i => Unpooled.WrappedBuffer(bytes, i, 9))])
            .SkipBytes(13);
    }

    private static byte[] Content(IByteBuffer buffer)
    {
        byte[] content = new byte[buffer.ReadableBytes];
        buffer.GetBytes(buffer.ReaderIndex, content);
        return content;
    }
}
