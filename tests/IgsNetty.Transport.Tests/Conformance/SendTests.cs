using System.Net.Sockets;
using DotNetty.Buffers;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The direct output: what is taken at once, what is queued, and in which order.</summary>
public abstract class SendTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task TrySend_takes_what_fits(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        int filled = await connection.FillAsync(Bytes.Bulk);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.TrySend(Bytes.Bulk)));
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(Bytes.Bulk.AsMemory(0, filled), input.Bytes);
    }

    [Theory, EitherOrigin]
    public async Task TrySend_takes_nothing_while_bytes_are_pending(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.TrySend(new byte[1])));
        Task<byte[]> reading = connection.Peer.ReceiveAsync(sent.Length + 1);

        // Offered again and again while the queue drains, it goes behind the queue.
        bool taken = false;
        while (!taken)
        {
            taken = await connection.Loop.CallAsync(() =>
            {
                bool isPending = connection.Socket.PendingBytes > 0;
                int count = connection.Socket.TrySend([42]);
                Assert.False(isPending && count > 0, "bytes were taken in front of pending ones");
                return count == 1;
            });
        }

        Bytes.AssertSame((byte[])[.. sent, 42], await reading.InTime());
    }

    [Theory, EitherOrigin]
    public async Task The_last_bytes_and_the_end_arrive(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(1000);
        int taken = await connection.Loop.CallAsync(() =>
        {
            int count = connection.Socket.TrySendLast(bytes);
            connection.Socket.ShutdownOutput();
            return count;
        });
        Assert.Equal(bytes.Length, taken);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(bytes, input.Bytes);
    }

    [Theory, EitherOrigin]
    public async Task Of_last_bytes_that_do_not_fit_the_rest_goes_behind_those_that_did(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        await connection.Loop.CallAsync(() =>
        {
            int taken = connection.Socket.TrySendLast(Bytes.Bulk);
            Assert.InRange(taken, 1, Bytes.Bulk.Length - 1);
            Assert.Equal(0, connection.Socket.TrySendLast(Bytes.Bulk.AsSpan(taken)));
            connection.Socket.Send(Pool.Holding(Bytes.Bulk.AsSpan(taken)));
        });
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
    }

    // The peer takes 16 KiB and no more; without the limit the kernel would take megabytes.
    [Theory, EitherOrigin]
    public async Task The_kernel_takes_no_more_unsent_bytes_than_the_limit(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        await connection.Loop.CallAsync(() => connection.Socket.LimitQueue(32 * 1024, 0));
        int filled = await connection.FillAsync(Bytes.Bulk);
        Assert.InRange(filled, 1, OperatingSystem.IsLinux() ? 1 << 20 : Bytes.Bulk.Length);
        await connection.Loop.CallAsync(() => { connection.Socket.Send(Pool.Holding(Bytes.Bulk.AsSpan(filled))); });
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
    }

    [Theory, EitherOrigin]
    public async Task Only_the_part_between_a_buffers_indexes_is_sent(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        byte[] bytes = Bytes.Bulk[..(8 << 20)];
        await connection.Loop.CallAsync(() =>
        {
            IByteBuffer whole = Pool.Holding(bytes);
            connection.Socket.Send(whole.ReadRetainedSlice(1000));
            connection.Socket.Send(whole.ReadRetainedSlice(5 << 20));
            connection.Socket.Send(whole.ReadRetainedSlice(1));
            connection.Socket.Send(whole);
        });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
    }

    [Theory, EitherOrigin(false, true)]
    public async Task DotNettys_own_writes_keep_their_place(Origin origin, bool isFlushed)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        byte[] bytes = Bytes.Bulk[..(24 << 20)];
        int half = bytes.Length / 2;
        await connection.Loop.CallAsync(() =>
        {
            IByteBuffer first = Pool.Holding(bytes.AsSpan(0, half));
            _ = isFlushed ? connection.Channel.WriteAndFlushAsync(first) : connection.Channel.WriteAsync(first);
            Assert.Equal(0, connection.Socket.TrySend(bytes.AsSpan(half, 1)));
            connection.Socket.Send(Pool.Holding(bytes.AsSpan(half)));
        });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
    }
}
