using System.Net.Sockets;
using DotNetty.Buffers;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The direct output: what is taken at once, what is queued, and what is told of it.</summary>
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
    public async Task Send_reports_what_went_at_once_and_OnSent_the_rest(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        SentLog log = new(connection.Channel);
        byte[] bytes = Bytes.Bulk[..(20 << 20)];
        const int Piece = 1 << 20;
        long atOnce = await connection.Loop.CallAsync(() =>
        {
            connection.Socket.OutputListener = log;
            long taken = 0;
            for (int i = 0; i < bytes.Length; i += Piece)
            {
                log.IsCalling = true;
                int now = connection.Socket.Send(Pool.Holding(bytes.AsSpan(i, Piece)));
                log.IsCalling = false;
                Assert.InRange(now, 0, Piece);
                taken += now;
            }

            Assert.InRange(taken, 1, bytes.Length - 1);
            Assert.InRange(connection.Socket.PendingBytes, 1, bytes.Length - taken);
            return taken;
        });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
        await Waiting.UntilAsync(() => log.Total >= bytes.Length - atOnce);
        await SettleAsync();
        Assert.Equal(bytes.Length - atOnce, log.Total);
        Assert.Null(log.Fault);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    [Theory, EitherOrigin]
    public async Task What_goes_at_once_is_not_reported(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        SentLog log = new(connection.Channel);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = log);
        Assert.Equal(1000, await SendAsync(connection, new byte[1000]));
        Assert.Equal(0, await SendAsync(connection, []));
        await connection.Peer.ReceiveAsync(1000);
        await SettleAsync();
        Assert.Equal(0, log.Calls);
    }

    [Theory, EitherOrigin]
    public async Task PendingBytes_are_gone_when_the_last_report_comes(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        long pending = await Loop.CallAsync(() => connection.Socket.PendingBytes);
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = new SentLog(connection.Channel)
        {
            Then = bytes =>
            {
                pending -= bytes;
                if (pending == 0 && connection.Socket.PendingBytes == 0)
                {
                    drained.SetResult();
                }
            },
        });
        await connection.Peer.ReceiveAsync(sent.Length);
        await drained.Task.InTime();
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

    [Theory, EitherOrigin]
    public async Task A_listener_may_send_more_on_the_same_socket(Origin origin)
    {
        const int Queue = 2000;
        const int Piece = 2000;
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        connection.LimitSendBuffer(32 * 1024); // full, and written to again, as often as can be
        int next = await connection.FillAsync(Bytes.Bulk);
        int end = next + (8 << 20);
        void SendMore()
        {
            while (next < end && connection.Socket.PendingBytes < Queue * Piece)
            {
                int count = Math.Min(Piece, end - next);
                next += count;
                connection.Socket.Send(Unpooled.WrappedBuffer(Bytes.Bulk, next - count, count));
            }
        }

        await connection.Loop.CallAsync(() =>
        {
            connection.Socket.OutputListener = new SentLog(connection.Channel) { Then = _ => SendMore() };
            SendMore();
        });
        Bytes.AssertSame(Bytes.Bulk.AsMemory(0, end), await connection.Peer.ReceiveAsync(end, atOnce: 8 * 1024));
    }

    [Theory, EitherOrigin]
    public async Task A_listener_may_send_on_another_socket(Origin origin)
    {
        (Connection first, byte[] sent) = await CongestAsync(origin, queued: 3_000_000);
        Connection second = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        int next = 0;
        await Loop.CallAsync(() => first.Socket.OutputListener = new SentLog(first.Channel)
        {
            Then = bytes =>
            {
                second.Socket.Send(Pool.Holding(Bytes.Bulk.AsSpan(next, bytes)));
                next += bytes;
            },
        });
        for (int i = 0; i < 40; i++)
        {
            byte[] more = Bytes.Random(100_000, seed: i);
            sent = [.. sent, .. more];
            await SendAsync(first, more);
        }

        Task<byte[]> reading = first.Peer.ReceiveAsync(sent.Length);
        await Waiting.UntilAsync(() => Volatile.Read(ref next) > 6_000_000, "enough for the second socket");
        byte[] atSecond = await second.Peer.ReceiveAsync(Volatile.Read(ref next));
        Bytes.AssertPrefix(Bytes.Bulk, atSecond);
        Bytes.AssertSame(sent, await reading.InTime());
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
