using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Many bytes in every rhythm: each must come once, and in its place.</summary>
public abstract class ByteExactTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task Several_full_sockets_of_one_loop_with_slow_readers(Origin origin)
    {
        const int Sockets = 6;
        const int PerSocket = 6 << 20;
        List<Task> transfers = [];
        for (int i = 0; i < Sockets; i++)
        {
            Connection connection = await ConnectAsync(origin, peerBuffer: 8 * 1024);
            if (i % 2 == 0)
            {
                connection.LimitSendBuffer(32 * 1024);
            }

            byte[] down = Bytes.Random(PerSocket, seed: 100 + i);
            byte[] up = Bytes.Random(PerSocket, seed: 200 + i);
            RandomSender sender = new(connection.Socket, Pool, down, seed: i);
            transfers.Add(ReadSlowlyAsync(connection, sender, down, new Random(i)));
            transfers.Add(WriteAsync(connection, up));
            await connection.Loop.CallAsync(sender.Start);
        }

        await Task.WhenAll(transfers);
    }

    [Theory, EitherOrigin]
    public async Task Many_small_writes(Origin origin)
    {
        const int Writes = 20_000;
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(Writes * 8);
        Task<PeerInput> reading = connection.Peer.ReceiveAllAsync();
        Random random = new(3);
        int next = 0;
        while (next < bytes.Length)
        {
            await connection.Loop.CallAsync(() =>
            {
                for (int i = 0; i < 500 && next < bytes.Length; i++)
                {
                    int count = Math.Min(random.Next(1, 17), bytes.Length - next);
                    connection.Socket.Send(Pool.Holding(bytes.AsSpan(next, count)));
                    next += count;
                }
            });
        }

        await Waiting.UntilAsync(() => connection.Socket.PendingBytes == 0);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        Bytes.AssertSame(bytes, (await reading.InTime()).Bytes);
    }

    [Theory, EitherOrigin]
    public async Task Many_small_writes_to_a_full_socket(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        byte[] more = Bytes.Random(30_000);
        await connection.Loop.CallAsync(() =>
        {
            for (int i = 0; i < more.Length; i += 10)
            {
                connection.Socket.Send(Pool.Holding(more.AsSpan(i, 10)));
            }
        });
        Bytes.AssertSame((byte[])[.. sent, .. more], await connection.Peer.ReceiveAsync(sent.Length + more.Length));
    }

    [Theory, EitherOrigin]
    public async Task One_huge_write(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await SendAsync(connection, Bytes.Bulk);
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
    }

    private static async Task ReadSlowlyAsync(Connection connection, RandomSender sender, byte[] expected, Random random)
    {
        using MemoryStream all = new();
        while (all.Length < expected.Length)
        {
            int count = Math.Min(random.Next(1, 60_000), expected.Length - (int)all.Length);
            all.Write(await connection.Peer.ReceiveAsync(count));
            await Task.Yield();
        }

        Bytes.AssertSame(expected, all.ToArray());
        await Waiting.UntilAsync(() => sender.ReportedBytes == sender.QueuedBytes, "the last report of what was sent");
        Assert.Null(sender.Fault);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    private static async Task WriteAsync(Connection connection, byte[] bytes)
    {
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(bytes);
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received);
    }
}
