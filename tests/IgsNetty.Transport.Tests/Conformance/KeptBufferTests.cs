using DotNetty.Buffers;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// Whose a received buffer is: the handler's, until it gives it back. A transport may use one again that was given back,
/// whatever was done to it, and none that was kept.
/// </summary>
public abstract class KeptBufferTests : TransportTests
{
    private const int Total = 3 << 20;

    public enum Keeping
    {
        All,
        EverySecond,
        EveryFifth,
        Slices,
        SlicesOfEveryThird,
        Frames,
    }

    [Theory]
    [InlineData(Keeping.All)]
    [InlineData(Keeping.EverySecond)]
    [InlineData(Keeping.EveryFifth)]
    [InlineData(Keeping.Slices)]
    [InlineData(Keeping.SlicesOfEveryThird)]
    [InlineData(Keeping.Frames)]
    public async Task What_is_kept_stays_as_it_was(Keeping how)
    {
        Connection connection = await DialAsync();
        byte[] bytes = Bytes.Random(Total);
        List<(IByteBuffer Buffer, byte[] Content)> kept = [];
        int count = 0;
        connection.Probe.Inspect = buffer =>
        {
            foreach (IByteBuffer part in Keep(how, buffer, count++))
            {
                kept.Add((part, part.GetIoBuffer().ToArray()));
            }
        };
        await TransferAsync(connection, bytes);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        Assert.NotEmpty(kept);
        Assert.All(kept, one => Bytes.AssertSame(one.Content, one.Buffer.GetIoBuffer().ToArray()));

        // Given back in another order, on another thread, while more comes.
        connection.Probe.Inspect = null; // before more comes: the list below would not have a buffer that is kept later
        Task more = TransferAsync(connection, bytes, before: bytes.Length);
        await Task.Run(() => kept.AsEnumerable().Reverse().ToList().ForEach(one => one.Buffer.Release()));
        await more;
        Bytes.AssertSame(bytes, connection.Probe.Received.AsMemory(bytes.Length));
    }

    [Fact]
    public async Task A_buffer_that_comes_back_in_any_state_starts_afresh()
    {
        Connection connection = await DialAsync();
        byte[] bytes = Bytes.Random(Total);
        int count = 0;
        bool allStartBehindHeadroom = true;
        connection.Probe.Inspect = buffer =>
        {
            allStartBehindHeadroom &= buffer.ReaderIndex == Headroom;
            switch (count++ % 5)
            {
                case 0:
                    buffer.SkipBytes(buffer.ReadableBytes);
                    break;
                case 1:
                    buffer.Clear();
                    break;
                case 2:
                    buffer.SetIndex(0, buffer.Capacity);
                    buffer.SetZero(0, buffer.Capacity);
                    break;
                case 3:
                    buffer.SetReaderIndex(0);
                    buffer.MarkReaderIndex();
                    break;
                default:
                    buffer.Retain();
                    buffer.Release();
                    break;
            }
        };
        await TransferAsync(connection, bytes);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        Assert.True(allStartBehindHeadroom);
    }

    // As the relay sends what it reads: the header in place, the same buffer out on another socket, which is full.
    [Fact]
    public async Task A_buffer_that_waits_on_another_socket_with_a_header_in_front_goes_out_as_it_is()
    {
        Connection source = await DialAsync();
        Connection target = await DialAsync(peerBuffer: 16 * 1024);
        target.LimitSendBuffer(16 * 1024);
        byte[] bytes = Bytes.Random(Total);
        List<int> sizes = [];
        source.Probe.Inspect = buffer =>
        {
            sizes.Add(buffer.ReadableBytes);
            buffer.SetLong(buffer.ReaderIndex - Headroom, sizes.Count);
            buffer.SetReaderIndex(buffer.ReaderIndex - Headroom);
            target.Socket.Send((IByteBuffer)buffer.Retain());
        };
        await TransferAsync(source, bytes);
        int done = 0;
        for (int i = 0; i < sizes.Count; i++)
        {
            byte[] frame = await target.Peer.ReceiveAsync(Headroom + sizes[i]);
            Assert.Equal(i + 1, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(frame));
            Bytes.AssertSame(bytes.AsMemory(done, sizes[i]), frame.AsMemory(Headroom));
            done += sizes[i];
        }
    }

    // A transport that keeps a buffer for the next read of a loop must not lend it to two sockets.
    [Fact]
    public async Task Sockets_of_one_loop_that_keep_what_they_read_do_not_share_it()
    {
        Connection[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DialAsync()));
        List<(IByteBuffer Buffer, byte[] Content)> kept = [];
        Array.ForEach(all, connection => connection.Probe.Inspect = buffer =>
        {
            if (kept.Count % 3 != 0 || buffer.ReadableBytes % 2 == 0)
            {
                kept.Add(((IByteBuffer)buffer.Retain(), buffer.GetIoBuffer().ToArray()));
            }
        });
        byte[][] sent = [.. all.Select((_, i) => Bytes.Random(300_000, seed: i))];
        await Task.WhenAll(all.Select((connection, i) => TransferAsync(connection, sent[i])));
        await Loop.CallAsync(() =>
        {
            Assert.All(kept, one => Bytes.AssertSame(one.Content, one.Buffer.GetIoBuffer().ToArray()));
            kept.ForEach(one => one.Buffer.Release());
        });
        Assert.All(all, (connection, i) => Bytes.AssertSame(sent[i], connection.Probe.Received));
    }

    private static async Task TransferAsync(Connection connection, byte[] bytes, int before = 0)
    {
        await connection.SetReadingAsync(true);
        Random random = new(5);
        for (int i = 0; i < bytes.Length;)
        {
            int count = Math.Min(random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 300_000), bytes.Length - i);
            await connection.Peer.SendAsync(bytes.AsMemory(i, count));
            i += count;
        }

        await connection.Probe.UntilReceivedAsync(before + bytes.Length);
    }

    private static IEnumerable<IByteBuffer> Keep(Keeping how, IByteBuffer buffer, int number) => how switch
    {
        Keeping.All => [(IByteBuffer)buffer.Retain()],
        Keeping.EverySecond when number % 2 == 0 => [(IByteBuffer)buffer.Retain()],
        Keeping.EveryFifth when number % 5 == 0 => [(IByteBuffer)buffer.Retain()],
        Keeping.Slices => [buffer.RetainedSlice()],
        Keeping.SlicesOfEveryThird when number % 3 == 0 =>
            [buffer.RetainedSlice(buffer.ReaderIndex, 1), buffer.RetainedSlice(buffer.WriterIndex - 1, 1)],
        Keeping.Frames => [Framed(buffer, number)],
        _ => [],
    };

    // The headroom is the handler's to write.
    private static IByteBuffer Framed(IByteBuffer buffer, int number)
    {
        buffer.SetLong(0, number);
        return ((IByteBuffer)buffer.Retain()).SetReaderIndex(0);
    }
}
