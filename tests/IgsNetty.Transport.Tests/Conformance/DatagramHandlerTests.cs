using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Handlers: one that fails, none at all, and many that share a loop.</summary>
public abstract class DatagramHandlerTests : DatagramTests
{
    [Fact]
    public async Task A_handler_that_throws_loses_that_datagram_only_and_is_logged()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        probe.On = datagram =>
        {
            if (datagram.Payload.Length % 2 == 1)
            {
                throw new InvalidOperationException("an odd one");
            }
        };
        for (int i = 0; i < 100; i++)
        {
            peer.Send(socket.Address, new byte[i]);
        }

        await probe.UntilReceivedAsync(50);
        Assert.Contains(socket.Address.ToString(), await Log.Warning.InTime("a line in the log"), StringComparison.Ordinal);
        await AssertWorksAsync(socket, probe, peer);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * 2).Append(100), probe.Received.Select(datagram => datagram.Payload.Length));
    }

    [Fact]
    public async Task A_handler_that_throws_at_a_report_goes_on_and_is_logged()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        UdpAddress closed = ClosedPort();
        probe.OnReport = () => throw new InvalidOperationException("do not tell me");
        for (int i = 1; i <= 20; i++)
        {
            await UntilReportedAsync(socket, probe, closed, i);
            await AssertWorksAsync(socket, probe, peer);
        }

        Assert.Contains(socket.Address.ToString(), await Log.Warning.InTime("a line in the log"), StringComparison.Ordinal);

        // The same, told by a call on the loop.
        await Loop.CallAsync(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(DatagramSend.Sent, socket.Send(closed, []));
            }
        });
        await AssertWorksAsync(socket, probe, peer);
    }

    [Fact]
    public async Task A_socket_without_a_handler_keeps_nothing_of_a_flood()
    {
        const int MostKept = 64 * 1024;
        IDatagramSocket socket = Bind((IDatagramHandler?)null);
        long before = GC.GetTotalMemory(true);
        using (DatagramFlood flood = new(socket.Address, size: 1000))
        {
            await flood.UntilSentAsync(50_000);
            Assert.InRange(KernelDatagrams.Kept(socket.Address), 0, MostKept);
        }

        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 4 << 20);
        DatagramPeer peer = Peer();
        Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, new byte[10]));
        Assert.Equal(10, (await peer.ReceiveAsync()).Payload.Length);
    }

    [Fact]
    public async Task A_flooded_socket_leaves_the_others_of_its_loop_their_turn()
    {
        CountingHandler counting = new();
        IDatagramSocket flooded = Bind(counting);
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        Connection connection = await DialAsync();
        using DatagramFlood flood = new(flooded.Address);
        await flood.UntilSentAsync(10_000);
        long before = counting.Count;
        for (int i = 0; i < 50; i++)
        {
            await AssertWorksAsync(socket, probe, peer);
            await AssertWorksAsync(connection, seed: i);
        }

        Assert.True(counting.Count > before, "nothing of the flood came meanwhile");
    }

    [Fact]
    public async Task Handlers_of_many_sockets_are_called_on_their_loops()
    {
        (IDatagramSocket Socket, DatagramProbe Probe)[] all = [.. Enumerable.Range(0, 40).Select(i => Bind(loop: Transport.Loops[i % 2]))];
        DatagramPeer peer = Peer();
        for (int round = 0; round < 5; round++)
        {
            foreach ((IDatagramSocket socket, DatagramProbe probe) in all)
            {
                await AssertWorksAsync(socket, probe, peer);
            }
        }

        Assert.All(all, one => Assert.Equal(5, one.Probe.Count)); // and the end of the test looks at where
    }

    /// <summary>Slower than the flood, so that its socket never runs dry.</summary>
    private sealed class CountingHandler : IDatagramHandler
    {
        private const int Work = 1000;

        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
        {
            Interlocked.Increment(ref _count);
            Thread.SpinWait(Work);
        }

        public TimeSpan OnReadable() => TimeSpan.Zero;

        public void OnReadComplete()
        {
        }

        public void OnUndelivered(int reports)
        {
        }
    }
}
