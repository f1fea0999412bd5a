using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What is done to a channel while bytes flow: closing it from other threads, moving it, registering it late.</summary>
public abstract class TrafficTests : PairTests
{
    [Theory, EitherOrigin]
    public async Task A_close_from_another_thread_leaves_a_true_prefix_and_nothing_else(Origin origin)
    {
        byte[] bytes = Bytes.Random(4 << 20);
        for (int i = 0; i < 15; i++)
        {
            Connection connection = await ConnectAsync(origin);
            await connection.SetReadingAsync(true);
            Task sending = SwallowAsync(connection.Peer.SendAsync(bytes));
            Task<PeerInput> reading = connection.Peer.ReceiveAllAsync();
            await connection.Loop.CallAsync(new RandomSender(connection.Socket, Pool, bytes, seed: i).Start);
            await connection.Probe.UntilReceivedAsync(i * 100_000);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(connection.Channel.CloseAsync))).InTime();
            await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
            Bytes.AssertPrefix(bytes, connection.Probe.Received);
            Bytes.AssertPrefix(bytes, (await reading.InTime()).Bytes);
            await sending;
            Assert.Equal(0, connection.Probe.Count(ProbeEventKind.InputShutdown));
        }
    }

    // As a proxy moves a call to the loop of its link: between two explicit reads, with nothing pending.
    [Theory, EitherOrigin]
    public async Task A_channel_that_moves_again_and_again_loses_nothing(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] there = Bytes.Random(2 << 20, seed: 1);
        byte[] back = Bytes.Random(500_000, seed: 2);
        Task<byte[]> reading = connection.Peer.ReceiveAsync(back.Length);
        Task sending = connection.Peer.SendAsync(there);
        int next = 0;
        for (int move = 0; connection.Probe.ReceivedBytes < there.Length; move++)
        {
            int batches = connection.Probe.Count(ProbeEventKind.ReadComplete);
            await connection.ReadOnceAsync();
            await connection.Probe.UntilAsync(() => connection.Probe.Count(ProbeEventKind.ReadComplete) > batches, "a batch");
            next += await connection.Loop.CallAsync(() => connection.Socket.TrySend(back.AsSpan(next, Math.Min(5_000, back.Length - next))));
            if (move < 100)
            {
                await connection.Channel.DeregisterAsync().InTime();
                await Transport.Loops[(move + 1) % 2].RegisterAsync(connection.Channel).InTime();
            }
        }

        await SendAsync(connection, back[next..]);
        await sending;
        connection.Peer.End();
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(there, connection.Probe.Received);
        Bytes.AssertSame(back, await reading.InTime());
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_channel_that_is_registered_after_the_peer_has_sent_and_gone(bool isReset)
    {
        for (int i = 0; i < 10; i++)
        {
            TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            IListener listener = Listen(Loopback(), (socket, _) => accepted.SetResult(socket));
            Socket caller = PlainSocket();
            await caller.ConnectAsync(listener.Address).InTime();
            IPEndPoint remote = (IPEndPoint)caller.LocalEndPoint!;
            Peer peer = new(caller);
            byte[] bytes = Bytes.Random(1 + (i * 6_000), seed: i);
            await peer.SendAsync(bytes);
            IStreamSocket socket = await accepted.Task.InTime();
            if (isReset)
            {
                peer.Reset();
                await KernelSockets.UntilGoneAsync(listener.Address, remote);
            }
            else
            {
                peer.Dispose();
                await KernelSockets.UntilEndedAsync(listener.Address, remote);
            }

            Connection connection = await RegisterAsync(socket, peer, Transport.Loops[i % 2]);
            await connection.SetReadingAsync(true);
            if (isReset)
            {
                await connection.AssertBrokenAsync(SocketError.ConnectionReset);
                Bytes.AssertPrefix(bytes, connection.Probe.Received);
            }
            else
            {
                await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
                Bytes.AssertSame(bytes, connection.Probe.Received);
            }
        }
    }

    // Descriptors come and go under the loops; what the kernel has noted for one must not reach the next.
    [Fact]
    public async Task Channels_that_come_and_go_beside_each_other_do_not_disturb_one_another()
    {
        const int Lanes = 8;
        const int Each = 80;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (int i = 0; i < Each; i++)
            {
                (StreamEnd caller, StreamEnd callee) = await OpenAsync(lane + i);
                byte[] bytes = Bytes.Random(1000 + (i * 100), seed: (lane * Each) + i);
                await Echo.BeginAsync(callee);
                await caller.SetReadingAsync(true);
                await caller.Loop.CallAsync(() => caller.Socket.Send(Pool.Holding(bytes)));
                await caller.Probe.UntilReceivedAsync(bytes.Length);
                Bytes.AssertSame(bytes, caller.Probe.Received);
                switch (i % 3)
                {
                    case 0:
                        await caller.Loop.CallAsync(caller.Socket.Abort);
                        break;
                    case 1:
                        await caller.Loop.CallAsync(caller.Socket.Abort);
                        await callee.CloseAsync();
                        break;
                    default:
                        await callee.Loop.CallAsync(callee.Socket.Abort);
                        break;
                }

                await caller.Probe.UntilAsync(ProbeEventKind.Inactive);
                await callee.Probe.UntilAsync(ProbeEventKind.Inactive);
            }
        }));
    }

    private static async Task SwallowAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (SocketException)
        {
            // The close is a reset for the one who sends.
        }
    }
}
