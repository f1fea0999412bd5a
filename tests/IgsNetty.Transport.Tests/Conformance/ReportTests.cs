using DotNetty.Buffers;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What an output tells of the bytes it had queued, and what may be done on hearing it.</summary>
public abstract class ReportTests : TransportTests
{
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
        long pending = 0;
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.Loop.CallAsync(() =>
        {
            pending = connection.Socket.PendingBytes; // in one turn with the listener: between two, the kernel may take more
            connection.Socket.OutputListener = new SentLog(connection.Channel)
            {
                Then = bytes =>
                {
                    pending -= bytes;
                    if (pending == 0 && connection.Socket.PendingBytes == 0)
                    {
                        drained.SetResult();
                    }
                },
            };
        });
        await connection.Peer.ReceiveAsync(sent.Length);
        await drained.Task.InTime();
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
        const int Piece = 100_000;
        Connection first = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        Connection second = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        int filled = await first.FillAsync(Bytes.Bulk);
        byte[] sent = Bytes.Bulk[..(filled + (70 * Piece))];
        int next = 0;
        int queued = await Loop.CallAsync(() =>
        {
            first.Socket.OutputListener = new SentLog(first.Channel)
            {
                Then = bytes =>
                {
                    second.Socket.Send(Pool.Holding(Bytes.Bulk.AsSpan(next, bytes)));
                    next += bytes;
                },
            };
            int count = 0;
            for (int i = filled; i < sent.Length; i += Piece)
            {
                count += Piece - first.Socket.Send(Pool.Holding(sent.AsSpan(i, Piece)));
            }

            return count;
        });
        Bytes.AssertSame(sent, await first.Peer.ReceiveAsync(sent.Length));
        Bytes.AssertSame(Bytes.Bulk.AsMemory(0, queued), await second.Peer.ReceiveAsync(queued));
    }
}
