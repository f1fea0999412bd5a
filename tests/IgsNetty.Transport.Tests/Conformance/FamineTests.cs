using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// No descriptor is left but the reserve: errors are values, nothing leaks, nothing spins, and all works when some come back.
/// Nothing may take one for good during a famine, so everything is used once before.
/// </summary>
public abstract class FamineTests : DatagramTests
{
    [LinuxFact]
    public async Task A_call_out_is_an_error_and_leaves_nothing()
    {
        Socket listener = PlainListener();
        IPEndPoint address = (IPEndPoint)listener.LocalEndPoint!;
        Socket closed = PlainSocket(); // holds its port and does not listen
        closed.Bind(Loopback());
        Connection before = await DialAsync();
        await AssertWorksAsync(before);
        int sockets = Descriptors.CountSockets();
        await Assert.ThrowsAsync<SocketException>(() => Transport.ConnectAsync((IPEndPoint)closed.LocalEndPoint!, Loop, CancellationToken.None).InTime());
        await Descriptors.UntilSocketsAsync(sockets);
        new DescriptorFamine().Dispose();
        using (new DescriptorFamine())
        {
            foreach (IEventLoop loop in Transport.Loops.Concat(Transport.Loops))
            {
                SocketException error = await Assert.ThrowsAsync<SocketException>(
                    () => Transport.ConnectAsync(address, loop, CancellationToken.None).InTime());
                Assert.Equal(SocketError.TooManyOpenSockets, error.SocketErrorCode);
            }

            await AssertWorksAsync(before, seed: 8); // what is open goes on
        }

        await Descriptors.UntilSocketsAsync(sockets);
        await AssertWorksAsync(await DialAsync());
    }

    [LinuxFact]
    public async Task Listening_is_an_error_and_leaves_nothing()
    {
        IListener first = Listen(Loopback(), (_, _) => { });
        Assert.Throws<SocketException>(() => Transport.Listen(first.Address, (_, _) => { }));
        new DescriptorFamine().Dispose();
        int sockets = Descriptors.CountSockets();
        SocketException error;
        using (new DescriptorFamine())
        {
            error = Assert.Throws<SocketException>(() => Transport.Listen(Loopback(), (_, _) => { }));
        }

        Assert.Equal(SocketError.TooManyOpenSockets, error.SocketErrorCode);
        await Descriptors.UntilSocketsAsync(sockets);
        Listen(Loopback(), (_, _) => { });
    }

    [LinuxFact]
    public async Task A_listener_that_is_closed_while_callers_wait_stays_closed()
    {
        int accepted = 0;
        IListener listener = Listen(Loopback(), (socket, _) =>
        {
            Interlocked.Increment(ref accepted);
            socket.Channel.Unsafe.CloseForcibly();
        });
        Socket first = PlainSocket();
        Socket second = PlainSocket();
        int sockets = Descriptors.CountSockets();
        first.Connect(listener.Address);
        await Waiting.UntilAsync(() => Volatile.Read(ref accepted) == 1, "the first caller");
        await Descriptors.UntilSocketsAsync(sockets); // what is closed during a famine ends it
        new DescriptorFamine().Dispose();
        using (new DescriptorFamine())
        {
            second.Connect(listener.Address);
            await Log.Warning.InTime("the transport's warning");
            listener.Close();
        }

        Assert.NotEqual(SocketError.Success, (await new Peer(second).ReceiveAllAsync()).End);
        Assert.Equal(1, Volatile.Read(ref accepted));
    }

    [LinuxFact]
    public async Task Binding_for_datagrams_is_an_error_and_leaves_nothing()
    {
        DatagramProbe probe = new(Loop);
        IDatagramSocket before = Bind(probe);
        Assert.Throws<SocketException>(() => Transport.BindDatagrams(before.Address, Loop, null));
        DatagramPeer peer = Peer();
        await AssertWorksAsync(before, probe, peer);
        new DescriptorFamine().Dispose();
        int sockets = Descriptors.CountSockets();
        using (new DescriptorFamine())
        {
            for (int i = 0; i < 10; i++)
            {
                SocketException error = Assert.Throws<SocketException>(
                    () => Transport.BindDatagrams(i % 2 == 0 ? null : Loopback(), Loop, i % 3 == 0 ? null : probe));
                Assert.Equal(SocketError.TooManyOpenSockets, error.SocketErrorCode);
            }

            await AssertWorksAsync(before, probe, peer);
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }
}
