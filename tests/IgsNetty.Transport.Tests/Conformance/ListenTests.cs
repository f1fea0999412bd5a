using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Listening and accepting.</summary>
public abstract class ListenTests : TransportTests
{
    public static TheoryData<string> Addresses => ["127.0.0.1", "::1"];

    [Theory, MemberData(nameof(Addresses))]
    public async Task An_accepted_connection_carries_bytes_both_ways(string address) =>
        await AssertWorksAsync(await AcceptAsync(IPAddress.Parse(address)));

    [Fact]
    public async Task An_accepted_socket_comes_unregistered_with_reading_off_and_knows_both_ends()
    {
        TaskCompletionSource<(IStreamSocket Socket, IEventLoop Loop)> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(), (socket, loop) => accepted.SetResult((socket, loop)));
        Assert.NotEqual(0, listener.Address.Port);
        Assert.Equal(IPAddress.Loopback, listener.Address.Address);
        Socket caller = PlainSocket();
        await caller.ConnectAsync(listener.Address).InTime();
        (IStreamSocket socket, IEventLoop loop) = await accepted.Task.InTime();

        Assert.Contains(loop, Transport.Loops);
        Assert.False(socket.Channel.Registered);
        Assert.True(socket.Channel.Active);
        Assert.False(socket.Channel.Configuration.AutoRead);
        Assert.Same(Pool.Allocator, socket.Channel.Allocator);
        Assert.Equal(listener.Address, socket.Channel.LocalAddress);
        Assert.Equal(caller.LocalEndPoint, socket.Channel.RemoteAddress);
        Connection connection = await RegisterAsync(socket, new Peer(caller), loop);
        await connection.Probe.UntilAsync(ProbeEventKind.Active);
        Assert.Equal(0, socket.PendingBytes);
    }

    [Fact]
    public async Task All_of_many_callers_at_once_are_accepted()
    {
        const int Callers = 200;
        int accepted = 0;
        List<IStreamSocket> sockets = [];
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(), (socket, _) =>
        {
            lock (sockets)
            {
                sockets.Add(socket);
            }

            if (Interlocked.Increment(ref accepted) == Callers)
            {
                all.SetResult();
            }
        });
        Socket[] callers = [.. Enumerable.Range(0, Callers).Select(_ => PlainSocket())];
        await Task.WhenAll(callers.Select(caller => caller.ConnectAsync(listener.Address))).InTime();
        await all.Task.InTime();
        foreach (IStreamSocket socket in sockets)
        {
            Socket caller = callers.Single(caller => caller.LocalEndPoint!.Equals(socket.Channel.RemoteAddress));
            await RegisterAsync(socket, new Peer(caller));
        }
    }

    [Fact]
    public async Task An_address_in_use_is_told_as_that()
    {
        Socket holder = PlainListener();
        int sockets = Descriptors.CountSockets();
        SocketException error = Assert.Throws<SocketException>(() => Transport.Listen((IPEndPoint)holder.LocalEndPoint!, (_, _) => { }));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        await Descriptors.UntilSocketsAsync(sockets);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_as_not_available()
    {
        int sockets = Descriptors.CountSockets();
        IPEndPoint elsewhere = new(IPAddress.Parse("203.0.113.1"), 0); // kept for documentation (RFC 5737)
        SocketException error = Assert.Throws<SocketException>(() => Transport.Listen(elsewhere, (_, _) => { }));
        Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
        await Descriptors.UntilSocketsAsync(sockets);
    }

    [Fact]
    public async Task Close_ends_accepting_and_leaves_accepted_sockets_alone()
    {
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(), (socket, _) => accepted.SetResult(socket));
        Socket caller = PlainSocket();
        await caller.ConnectAsync(listener.Address).InTime();
        Connection connection = await RegisterAsync(await accepted.Task.InTime(), new Peer(caller));

        listener.Close();
        listener.Close();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(listener.Close))).InTime();

        SocketException error = await Assert.ThrowsAsync<SocketException>(() => PlainSocket().ConnectAsync(listener.Address).InTime());
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        await AssertWorksAsync(connection);
    }

    [Fact]
    public async Task A_closed_listeners_address_is_free_again()
    {
        IListener first = Listen(Loopback(), (_, _) => { });
        first.Close();
        IListener? second = null;
        await Waiting.UntilAsync(
            () =>
            {
                try
                {
                    second = Listen(first.Address, (_, _) => { });
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the address to be free");
        Assert.Equal(first.Address, second!.Address);
    }

    [Fact]
    public async Task A_listener_can_be_closed_from_its_own_callback()
    {
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener? listener = null;
        using ManualResetEventSlim known = new();
        listener = Listen(Loopback(), (socket, _) =>
        {
            known.Wait(Waiting.Limit);
            listener!.Close();
            accepted.SetResult(socket);
        });
        known.Set();
        Socket caller = PlainSocket();
        await caller.ConnectAsync(listener.Address).InTime();
        await AssertWorksAsync(await RegisterAsync(await accepted.Task.InTime(), new Peer(caller)));
    }

    [Fact]
    public async Task A_callback_that_throws_does_not_end_accepting()
    {
        int calls = 0;
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<IStreamSocket> dropped = [];
        IListener listener = Listen(Loopback(), (socket, _) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                dropped.Add(socket);
                throw new InvalidOperationException("a fault of the callee");
            }

            accepted.SetResult(socket);
        });
        await PlainSocket().ConnectAsync(listener.Address).InTime();
        await Waiting.UntilAsync(() => Volatile.Read(ref calls) == 1);
        Socket caller = PlainSocket();
        await caller.ConnectAsync(listener.Address).InTime();
        await AssertWorksAsync(await RegisterAsync(await accepted.Task.InTime(), new Peer(caller)));
        dropped.ForEach(socket => socket.Channel.Unsafe.CloseForcibly());
    }

    [Fact]
    public async Task The_IPv6_wildcard_takes_IPv4_callers_too()
    {
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(IPAddress.IPv6Any), (socket, _) => accepted.SetResult(socket));
        Socket caller = PlainSocket();
        await caller.ConnectAsync(new IPEndPoint(IPAddress.Loopback, listener.Address.Port)).InTime();
        IStreamSocket socket = await accepted.Task.InTime();
        IPEndPoint remote = Assert.IsType<IPEndPoint>(socket.Channel.RemoteAddress);
        Assert.Equal(IPAddress.Loopback, remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address);
        await AssertWorksAsync(await RegisterAsync(socket, new Peer(caller)));
    }
}
