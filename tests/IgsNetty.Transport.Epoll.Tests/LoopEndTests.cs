using IgsNetty.TestRunner.Network;
using IgsNetty.Transport.Tests.Conformance;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>With its loops, all that a transport has opened is closed.</summary>
public sealed class LoopEndTests : TransportTests
{
    // In a process of its own, where no other test's sockets are still closing.
    [PrivateNetworkFact]
    public async Task Loops_and_sockets_leave_no_descriptor_behind()
    {
        int before = Descriptors.CountOfTransports();
        ITransport transport = CreateTransport(new TransportSetup(2, Pool.Allocator, new ReceiveBuffers(Headroom, MostReceiveBytes), Log));
        transport.BindDatagrams(Loopback(), transport.Loops[0], new SilentHandler());
        IListener listener = transport.Listen(Loopback(), (socket, loop) => loop.RegisterAsync(socket.Channel));
        for (int i = 0; i < 20; i++)
        {
            await transport.ConnectAsync(listener.Address, transport.Loops[i % 2], CancellationToken.None).InTime();
        }

        Assert.InRange(Descriptors.CountOfTransports(), before + 26, int.MaxValue);
        await transport.DisposeAsync().AsTask().InTime();
        Assert.Equal(before, Descriptors.CountOfTransports());
    }

    protected override ITransport CreateTransport(TransportSetup setup) =>
        new EpollTransport(setup.Loops, setup.Allocator, setup.ReceiveBuffers, EpollEventLoop.DefaultBusyPoll, setup.Logger);

    private sealed class SilentHandler : IDatagramHandler
    {
        public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
        {
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
