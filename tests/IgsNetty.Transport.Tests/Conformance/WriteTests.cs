using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>DotNetty's own writes: flushed when asked, completed in order, and failed when the channel goes.</summary>
public abstract class WriteTests : TransportTests
{
    // More entries than one call to the kernel takes (IOV_MAX is 1,024).
    [Theory, InlineData(1), InlineData(1023), InlineData(1024), InlineData(1025), InlineData(2_000)]
    public async Task Writes_before_one_flush_go_out_with_it_in_order(int writes)
    {
        Connection connection = await DialAsync();
        byte[] bytes = Bytes.Random(writes * 7);
        Promises promises = new(connection.Channel);
        await connection.Loop.CallAsync(() =>
        {
            for (int i = 0; i < writes; i++)
            {
                promises.Write(Pool.Holding(bytes.AsSpan(i * 7, 7)));
            }
        });
        await SettleAsync();
        Assert.Empty(promises.Completed); // nobody has flushed
        await connection.Loop.CallAsync(() => { connection.Channel.Flush(); });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
        await promises.AssertAllCompletedAsync();
        Assert.Equal(0, promises.Failed);
    }

    [Fact]
    public async Task Writes_behind_a_flush_wait_for_the_next_one()
    {
        Connection connection = await DialAsync(peerBuffer: 16 * 1024);
        connection.LimitSendBuffer(32 * 1024);
        byte[] bytes = Bytes.Random(4 << 20);
        byte[] last = Bytes.Random(1000, seed: 2);
        Promises promises = new(connection.Channel);
        await connection.Loop.CallAsync(() =>
        {
            promises.Write(Pool.Holding(bytes));
            connection.Channel.Flush();
            promises.Write(Pool.Holding(last));
        });
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
        await Waiting.UntilAsync(() => promises.Completed.Count == 1, "the flushed write");
        await SettleAsync();
        Assert.Equal([0], promises.Completed);
        await connection.Loop.CallAsync(() => { connection.Channel.Flush(); });
        Bytes.AssertSame(last, await connection.Peer.ReceiveAsync(last.Length));
        await promises.AssertAllCompletedAsync();
    }

    // DotNetty hands all channels of a thread one list of what is to be sent: what a full socket leaves in it goes out on
    // the next channel.
    [Theory, InlineData(false), InlineData(true)]
    public async Task Full_sockets_of_one_loop_each_send_their_own(bool large)
    {
        const int Sockets = 6;
        int size = large ? 70_000 : 3_000;
        int writes = large ? 40 : 900;
        Connection[] all = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(_ => DialAsync(peerBuffer: 8 * 1024)));
        Promises[] promises = [.. all.Select(connection => new Promises(connection.Channel))];
        byte[][] sent = [.. all.Select((_, i) => Bytes.Random(writes * size, seed: 50 + i))];
        Random random = new(3);
        await Loop.CallAsync(() =>
        {
            Array.ForEach(all, connection => connection.LimitSendBuffer(16 * 1024));
            for (int write = 0; write < writes; write++)
            {
                for (int i = 0; i < Sockets; i++)
                {
                    promises[i].Write(Pool.Holding(sent[i].AsSpan(write * size, size)));
                    if (random.Next(4) == 0)
                    {
                        all[i].Channel.Flush();
                    }
                }
            }

            Array.ForEach(all, connection => connection.Channel.Flush());
        });

        // They are read in bits, one after the other, so that each becomes full and free again many times.
        byte[][] received = await Task.WhenAll(all.Select(connection => connection.Peer.ReceiveAsync(writes * size, atOnce: 20_000)));
        Assert.All(received, (bytes, i) => Bytes.AssertSame(sent[i], bytes));
        foreach (Promises one in promises)
        {
            await one.AssertAllCompletedAsync();
            Assert.Equal(0, one.Failed);
        }
    }

    [Fact]
    public async Task Writes_and_sends_of_all_kinds_keep_their_order()
    {
        const int Rounds = 2_000;
        Connection connection = await DialAsync(peerBuffer: 16 * 1024);
        connection.LimitSendBuffer(32 * 1024);
        byte[] bytes = Bytes.Random(Rounds * 1500);
        SentLog log = new(connection.Channel);
        Random random = new(9);
        long queued = 0;
        int end = 0;
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = log);
        Task<byte[]> reading = connection.Peer.ReceiveAsync(bytes.Length, atOnce: 50_000);
        while (end < bytes.Length)
        {
            await connection.Loop.CallAsync(() =>
            {
                for (int i = 0; i < 100 && end < bytes.Length; i++)
                {
                    int size = Math.Min(random.Next(1, 2000), bytes.Length - end);
                    Span<byte> piece = bytes.AsSpan(end, size);
                    int kind = random.Next(4);
                    int taken = kind == 0 ? connection.Socket.TrySend(piece) : 0;
                    if (kind == 1)
                    {
                        _ = random.Next(2) == 0
                            ? connection.Channel.WriteAsync(Pool.Holding(piece))
                            : connection.Channel.WriteAndFlushAsync(Pool.Holding(piece));
                        end += size;
                    }
                    else if (taken > 0)
                    {
                        end += taken;
                    }
                    else
                    {
                        queued += size - connection.Socket.Send(Pool.Holding(piece));
                        end += size;
                    }
                }

                connection.Channel.Flush();
            });
        }

        Bytes.AssertSame(bytes, await reading.InTime());
        await Waiting.UntilAsync(() => log.Total == queued, "the last report");
        await SettleAsync();
        Assert.Equal(queued, log.Total);
        Assert.Null(log.Fault);
    }

    [Theory, InlineData("close"), InlineData("abort"), InlineData("reset")]
    public async Task What_is_pending_fails_when_the_channel_goes(string how)
    {
        (Connection connection, _) = await CongestAsync(Origin.Dialled);
        Promises promises = new(connection.Channel);
        await connection.Loop.CallAsync(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                promises.Write(Pool.Holding(new byte[1000]));
                if (i == 100)
                {
                    connection.Channel.Flush(); // the others were never flushed
                }
            }
        });
        switch (how)
        {
            case "close":
                await connection.CloseAsync();
                break;
            case "abort":
                await connection.Loop.CallAsync(connection.Socket.Abort);
                break;
            default:
                connection.Peer.Reset();
                break;
        }

        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        await promises.AssertAllCompletedAsync();
        Assert.Equal(200, promises.Failed);
        Assert.Equal(how == "reset" ? 1 : 0, connection.Probe.Count(ProbeEventKind.Exception));
        await Assert.ThrowsAnyAsync<Exception>(() => connection.Channel.WriteAndFlushAsync(Pool.Holding(new byte[10])).InTime());
    }
}
