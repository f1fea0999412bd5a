using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>However much the sockets of a loop have to do, its other sockets, tasks and timers get their turn.</summary>
public abstract class FairnessTests : PairTests
{
    public enum Load
    {
        Receiving,
        Sending,
        WithinTheLoop,
    }

    [Theory, InlineData(Load.Receiving), InlineData(Load.Sending), InlineData(Load.WithinTheLoop)]
    public async Task Others_get_their_turn_beside_busy_sockets(Load load)
    {
        Connection other = await DialAsync();
        long moved = 0;
        Func<Task> stop = load switch
        {
            Load.Receiving => await ReceiveAsync(bytes => Interlocked.Add(ref moved, bytes)),
            Load.Sending => await SendAsync(bytes => Interlocked.Add(ref moved, bytes)),
            _ => await ChurnAsync(bytes => Interlocked.Add(ref moved, bytes)),
        };
        await Waiting.UntilAsync(() => Interlocked.Read(ref moved) > 10_000_000, "the load");
        for (int i = 0; i < 20; i++)
        {
            long before = Interlocked.Read(ref moved);
            await AssertWorksAsync(other, seed: i);
            await Loop.CallAsync(() => { });
            TaskCompletionSource timer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Loop.Schedule(timer.SetResult, TimeSpan.FromMilliseconds(1));
            await timer.Task.InTime("a timer");
            await Waiting.UntilAsync(() => Interlocked.Read(ref moved) > before, "the load to go on");
        }

        await stop();
    }

    // Tasks that bring tasks do not keep the loop from its sockets, either.
    [Fact]
    public async Task Sockets_get_their_turn_beside_tasks_without_end()
    {
        Connection connection = await DialAsync();
        bool ended = false;
        void Again()
        {
            if (!Volatile.Read(ref ended))
            {
                Loop.Execute(Again);
            }
        }

        for (int i = 0; i < 10; i++)
        {
            Loop.Execute(Again);
        }

        for (int i = 0; i < 20; i++)
        {
            await AssertWorksAsync(connection, seed: i);
        }

        Volatile.Write(ref ended, true);
    }

    private async Task<Func<Task>> ReceiveAsync(Action<int> moved)
    {
        bool ended = false;
        List<Task> sending = [];
        for (int i = 0; i < 3; i++)
        {
            Connection busy = await DialAsync();
            CountInstead(busy.Channel, moved);
            await busy.SetReadingAsync(true);
            sending.Add(Task.Run(async () =>
            {
                while (!Volatile.Read(ref ended))
                {
                    await busy.Peer.SendAsync(Bytes.Bulk.AsMemory(0, 1 << 20));
                }
            }));
        }

        return () =>
        {
            Volatile.Write(ref ended, true);
            return Task.WhenAll(sending).InTime();
        };
    }

    private async Task<Func<Task>> SendAsync(Action<int> moved)
    {
        Task<PeerInput>[] reading = new Task<PeerInput>[3];
        Connection[] all = new Connection[3];
        for (int i = 0; i < 3; i++)
        {
            Connection busy = all[i] = await DialAsync();
            await Loop.CallAsync(() =>
            {
                void More(int bytes)
                {
                    moved(bytes);
                    int taken = busy.Socket.Send(DotNetty.Buffers.Unpooled.WrappedBuffer(Bytes.Bulk, 0, 4 << 20));
                    if (busy.Channel.Active && busy.Socket.PendingBytes == 0)
                    {
                        Loop.Execute(() => More(taken)); // nobody reports what went at once
                    }
                }

                busy.Socket.OutputListener = new SentLog(busy.Channel) { Then = More };
                busy.Socket.Send(DotNetty.Buffers.Unpooled.WrappedBuffer(Bytes.Bulk, 0, 8 << 20));
                More(0);
            });
            reading[i] = DrainAsync(busy.Peer);
        }

        return async () =>
        {
            foreach (Connection busy in all)
            {
                await Loop.CallAsync(busy.Socket.Abort);
            }

            await Task.WhenAll(reading).InTime();
        };
    }

    // Two sockets of the loop feed each other: its turn could last for ever.
    private async Task<Func<Task>> ChurnAsync(Action<int> moved)
    {
        List<StreamEnd> ends = [];
        for (int i = 0; i < 3; i++)
        {
            (StreamEnd caller, StreamEnd callee) = await OpenAsync(Loop, Loop);
            ends.Add(caller);
            await Echo.BeginAsync(callee);
            await caller.Loop.CallAsync(() =>
            {
                CountInstead(callee.Channel, moved, first: true);
                caller.Channel.Pipeline.AddFirst(new Returning(caller.Socket));
                caller.Channel.Configuration.AutoRead = true;
                caller.Socket.Send(Pool.Holding(Bytes.Bulk.AsSpan(0, 200_000)));
            });
        }

        return async () =>
        {
            foreach (StreamEnd end in ends)
            {
                await end.Loop.CallAsync(end.Socket.Abort);
            }
        };
    }

    private static async Task<PeerInput> DrainAsync(Peer peer)
    {
        try
        {
            while (true)
            {
                await peer.ReceiveAsync(256 * 1024);
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or EndOfStreamException)
        {
            return new PeerInput([], System.Net.Sockets.SocketError.Success);
        }
    }

    // Instead of a probe, which would keep it all.
    private static void CountInstead(IChannel channel, Action<int> moved, bool first = false) =>
        channel.Pipeline.AddFirst(new Counting(moved, isPassingOn: first));
}
