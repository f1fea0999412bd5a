using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Ten thousand sockets, and callers by the thousand.</summary>
public abstract class ScaleTests : PairTests
{
    private const int Lanes = 50;

    [Fact]
    public async Task Ten_thousand_sockets_each_carry_bytes_and_leave_nothing()
    {
        const int Connections = 5_000;
        _ = Listener.Address;
        int sockets = Descriptors.CountSockets();
        (StreamEnd Caller, StreamEnd Callee)[] all = new (StreamEnd, StreamEnd)[Connections];
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (int i = lane; i < Connections; i += Lanes)
            {
                all[i] = await OpenAsync(i);
            }
        }));
        await Task.WhenAll(Transport.Loops.Select(loop => loop.CallAsync(() =>
        {
            foreach (StreamEnd end in all.SelectMany(pair => new[] { pair.Caller, pair.Callee }).Where(end => end.Loop == loop))
            {
                end.Channel.Configuration.AutoRead = true;
                end.Socket.Send(Pool.Holding(BitConverter.GetBytes(Port(end.Channel.LocalAddress))));
            }
        })));
        foreach ((StreamEnd caller, StreamEnd callee) in all)
        {
            await caller.Probe.UntilReceivedAsync(sizeof(int));
            await callee.Probe.UntilReceivedAsync(sizeof(int));
            Assert.Equal(Port(caller.Channel.RemoteAddress), BitConverter.ToInt32(caller.Probe.Received));
            Assert.Equal(Port(callee.Channel.RemoteAddress), BitConverter.ToInt32(callee.Probe.Received));
        }

        await Idleness.AssertAsync("ten thousand open sockets");

        // With resets: what waits for the end of its TIME_WAIT would be in the way of the tests that follow.
        await Task.WhenAll(Transport.Loops.Select(loop => loop.CallAsync(() =>
            Array.ForEach([.. all.Where(pair => pair.Caller.Loop == loop)], pair => pair.Caller.Socket.Abort()))));
        foreach ((StreamEnd caller, StreamEnd callee) in all)
        {
            await caller.Probe.UntilAsync(ProbeEventKind.Inactive);
            await callee.Probe.UntilAsync(ProbeEventKind.Inactive);
            Assert.False(callee.Probe.Has(ProbeEventKind.InputShutdown));
        }

        await Descriptors.UntilSocketsAsync(sockets);
        await Waiting.UntilAsync(() => Pool.InUse <= Transport.Loops.Count, "all buffers back"); // a loop may keep one
    }

    // They are all there before the first is accepted on its loop; none may be lost, each must carry its bytes.
    [Theory, InlineData("127.0.0.1", "127.0.0.1"), InlineData("0.0.0.0", "127.0.0.2"), InlineData("::", "127.0.0.1"), InlineData("::", "::1")]
    public async Task A_thousand_callers_at_once(string bound, string called)
    {
        int callers = bound == "127.0.0.1" ? 1_000 : 100;
        List<IStreamSocket> accepted = [];
        IListener listener = Listen(Loopback(IPAddress.Parse(bound)), (socket, loop) =>
        {
            socket.Channel.Pipeline.AddLast(new Returning(socket));
            loop.RegisterAsync(socket.Channel).ContinueWith(
                _ => socket.Channel.Configuration.AutoRead = true, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            lock (accepted)
            {
                accepted.Add(socket);
            }
        });
        IPEndPoint address = new(IPAddress.Parse(called), listener.Address.Port);
        Task<byte[][]> answering;
        using (await LoopHold.BeginAsync(Transport.Loops[0]))
        using (await LoopHold.BeginAsync(Transport.Loops[1]))
        {
            List<Peer> peers = [];
            for (int i = 0; i < callers; i++)
            {
                Socket caller = PlainSocket(address.AddressFamily);
                caller.Connect(address);
                peers.Add(new Peer(caller));
                await peers[i].SendAsync(BitConverter.GetBytes(i));
            }

            AtEndAsync(async () =>
            {
                foreach (IStreamSocket socket in accepted)
                {
                    await socket.Channel.EventLoop.CallAsync(socket.Abort);
                }
            });
            answering = Task.WhenAll(peers.Select(peer => peer.ReceiveAsync(sizeof(int))));
        }

        byte[][] answers = await answering.InTime("all answers");
        Assert.All(answers, (answer, i) => Assert.Equal(i, BitConverter.ToInt32(answer)));
        Assert.Equal(callers, accepted.Count);
    }

    [Fact]
    public async Task A_listener_that_closes_under_callers_leaves_each_with_a_socket_or_an_error()
    {
        int sockets = Descriptors.CountSockets();
        for (int i = 0; i < 20; i++)
        {
            List<IStreamSocket> accepted = [];
            IListener listener = Listen(Loopback(), (socket, _) =>
            {
                lock (accepted)
                {
                    accepted.Add(socket);
                }
            });
            Task[] calling = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
            {
                using Socket caller = new(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await caller.ConnectAsync(listener.Address).InTime();
                    await caller.ReceiveAsync(new byte[1]).InTime("the listener's end, or the socket's");
                }
                catch (SocketException)
                {
                    // Refused, or reset with the listener's queue.
                }
            }))];
            await Waiting.UntilAsync(() => Count(accepted) >= i % 4, "some callers");
            listener.Close();
            await Waiting.UntilAsync(
                () =>
                {
                    lock (accepted)
                    {
                        accepted.ForEach(socket => socket.Channel.Unsafe.CloseForcibly()); // more may be on their way
                        return Array.TrueForAll(calling, call => call.IsCompleted);
                    }
                },
                "the callers");
            await Task.WhenAll(calling);
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }

    private static int Count(List<IStreamSocket> sockets)
    {
        lock (sockets)
        {
            return sockets.Count;
        }
    }

    private static int Port(EndPoint address) => ((IPEndPoint)address).Port;
}
