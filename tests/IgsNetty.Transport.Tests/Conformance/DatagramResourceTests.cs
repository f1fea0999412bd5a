using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DotNetty.Buffers;
using IgsNetty.TestRunner.Network;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Descriptors, memory and processor time of UDP sockets.</summary>
public abstract class DatagramResourceTests : DatagramTests
{
    [Fact]
    public async Task Two_thousand_sockets_leave_none_behind()
    {
        const int Waves = 10;
        const int AtOnce = 200;
        DatagramPeer peer = Peer();
        int sockets = Descriptors.CountSockets();
        for (int wave = 0; wave < Waves; wave++)
        {
            List<(IDatagramSocket Socket, DatagramProbe Probe)> open = [.. Enumerable.Range(0, AtOnce).Select(i => Bind(loop: Transport.Loops[i % 2]))];
            for (int i = 0; i < AtOnce; i += 2)
            {
                await AssertWorksAsync(open[i].Socket, open[i].Probe, peer);
            }

            await Task.WhenAll(open.Select((one, i) => i % 3 == 0 ? Loop.CallAsync(one.Socket.Close) : Task.Run(one.Socket.Close))).InTime();
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }

    // They would cost far more than all the rest. The count is of the whole process, so the test has one of its own.
    [PrivateNetworkFact]
    public async Task Neither_datagrams_nor_reports_cost_exceptions()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        UdpAddress closed = ClosedPort();
        int thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs e) => thrown += e.Exception is SocketException ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            for (int i = 1; i <= 50; i++)
            {
                await AssertWorksAsync(socket, probe, peer, size: i % 3);
                await UntilReportedAsync(socket, probe, closed, i);
            }

            await AssertWorksAsync(socket, probe, peer);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
    }

    [Fact]
    public async Task A_closed_socket_lets_its_handler_go()
    {
        const int Sockets = 50;
        const int MostKept = 2; // a loop's queue may hold on to its last task
        WeakReference[] handlers = await OpenAndCloseAsync(Sockets);
        await Waiting.UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return handlers.Count(handler => handler.IsAlive) <= MostKept;
        });
    }

    [Fact]
    public async Task Idle_sockets_cost_no_processor_time()
    {
        DatagramPeer peer = Peer();
        UdpAddress closed = ClosedPort();
        for (int i = 0; i < 100; i++)
        {
            (IDatagramSocket socket, DatagramProbe probe) = Bind(i % 2 == 0 ? "127.0.0.1" : "::");
            await AssertWorksAsync(socket, probe, peer);
            await UntilReportedAsync(socket, probe, closed);
        }

        // A socket that is looked at all the time takes all of every span; the runtime's own work, such as compiling, only
        // some of them. Not a wait: the time is what is measured.
        TimeSpan span = TimeSpan.FromMilliseconds(200);
        await Waiting.UntilAsync(() =>
        {
            using Process process = Process.GetCurrentProcess();
            TimeSpan before = process.TotalProcessorTime;
            Thread.Sleep(span);
            process.Refresh();
            return process.TotalProcessorTime - before < span / 4;
        });
    }

    [Fact]
    public async Task A_transport_with_open_sockets_can_be_disposed_and_they_still_be_closed()
    {
        UdpAddress closed = ClosedPort();
        int sockets = Descriptors.CountSockets();
        ITransport transport = CreateTransport(
            new TransportSetup(2, UnpooledByteBufferAllocator.Default, new ReceiveBuffers(Headroom, MostReceiveBytes), Log));
        IDatagramSocket[] open = [.. Enumerable.Range(0, 10).Select(
            i => transport.BindDatagrams(Loopback(), transport.Loops[i % 2], i % 5 == 0 ? null : new DatagramProbe(transport.Loops[i % 2])))];
        using (DatagramFlood flood = new(open[1].Address))
        {
            await flood.UntilSentAsync(100);
            await transport.DisposeAsync().AsTask().InTime();
        }

        // Nobody is left to be told, and nothing breaks.
        using DatagramPeer peer = new();
        foreach (IDatagramSocket socket in open)
        {
            peer.Send(socket.Address, new byte[10]);
            socket.Send(closed, []);
            socket.Send(closed, []);
        }

        Array.ForEach(open, socket => socket.Close());
        peer.Dispose();
        await Descriptors.UntilSocketsAsync(sockets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference[]> OpenAndCloseAsync(int count)
    {
        WeakReference[] handlers = new WeakReference[count];
        using DatagramPeer peer = new();
        for (int i = 0; i < count; i++)
        {
            DatagramProbe probe = new(Loop);
            IDatagramSocket socket = Transport.BindDatagrams(Loopback(), Loop, probe);
            handlers[i] = new WeakReference(probe);
            if (i % 2 == 0)
            {
                await AssertWorksAsync(socket, probe, peer);
            }

            if (i % 3 == 0)
            {
                await Loop.CallAsync(socket.Close);
            }
            else
            {
                socket.Close();
            }
        }

        return handlers;
    }
}
