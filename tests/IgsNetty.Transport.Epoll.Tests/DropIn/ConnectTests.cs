using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Handlers.Logging;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Connection attempts: addresses, errors, and what a handler does meanwhile.</summary>
public sealed class ConnectTests : DropInTests
{
    [Fact]
    public async Task Addresses_are_null_before_and_real_after_bind_and_connect()
    {
        AddressHandler atListener = new();
        AddressHandler atClient = new();
        IChannel listener = await BindAsync(Server(_ => { }).Handler(atListener));
        IChannel client = await ConnectAsync(Client(channel => channel.Pipeline.AddLast(atClient, new LoggingHandler())), listener);

        Assert.Equal((null, null), atListener.BeforeUse);
        Assert.Equal((null, null), atClient.BeforeUse);
        Assert.NotEqual(0, ((IPEndPoint)listener.LocalAddress).Port);
        Assert.True(((IPEndPoint)client.LocalAddress).Address.MapToIPv6().Equals(IPAddress.Loopback.MapToIPv6()));
        Assert.NotEqual(0, ((IPEndPoint)client.LocalAddress).Port);
        Assert.Equal(listener.LocalAddress, client.RemoteAddress);
    }

    [Fact]
    public async Task An_address_that_was_asked_before_a_bind_to_all_addresses_is_the_connections_afterwards()
    {
        IChannel listener = await BindAsync(Server(_ => { }));
        IChannel client = await RegisterAsync(Client(_ => { }));
        await client.BindAsync(new IPEndPoint(IPAddress.IPv6Any, 0)).InTime();
        int port = ((IPEndPoint)client.LocalAddress).Port;
        Assert.Equal(IPAddress.IPv6Any, ((IPEndPoint)client.LocalAddress).Address);
        await client.ConnectAsync(listener.LocalAddress).InTime();
        Assert.Equal(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), port), client.LocalAddress);
    }

    [Fact]
    public async Task A_closed_channel_still_has_its_addresses()
    {
        Pair pair = await PairAsync(null, null);
        EndPoint remote = pair.Client.RemoteAddress;
        await pair.Client.CloseAsync().InTime();
        Assert.Equal(remote, pair.Client.RemoteAddress);
        Assert.NotEqual(0, ((IPEndPoint)pair.Client.LocalAddress).Port);
    }

    [Fact]
    public async Task A_connect_of_a_connected_channel_fails_and_leaves_the_connection_alone()
    {
        CollectHandler collected = new();
        Pair pair = await PairAsync(new EchoHandler(), collected);
        ConnectException error = await Assert.ThrowsAsync<ConnectException>(
            () => pair.Client.ConnectAsync(pair.Listener.LocalAddress).InTime());
        Assert.Equal(SocketError.IsConnected, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer([1, 2, 3])).InTime();
        Assert.Equal([1, 2, 3], await collected.ReceiveAsync(3));
    }

    [Fact]
    public async Task An_attempt_beyond_ConnectTimeout_fails_with_ConnectTimeoutException()
    {
        using SilentPort silent = await SilentPort.OpenAsync();
        StateHandler state = new();
        await Assert.ThrowsAsync<ConnectTimeoutException>(() => Client(channel => channel.Pipeline.AddLast(state))
            .Option(ChannelOption.ConnectTimeout, TimeSpan.FromMilliseconds(50))
            .ConnectAsync(silent.Address)
            .InTime());
        await state.Unregistered.Task.InTime();
        Assert.Equal((0, null), (state.Actives, state.Error));
    }

    [Fact]
    public async Task A_refused_attempt_fails_with_ConnectException()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(AnyLoopbackPort);
        StateHandler state = new();
        ConnectException error = await Assert.ThrowsAsync<ConnectException>(
            () => Client(channel => channel.Pipeline.AddLast(state)).ConnectAsync(closed.LocalEndPoint).InTime());
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        await state.Unregistered.Task.InTime();
        Assert.Equal((0, null), (state.Actives, state.Error));
    }

    [Fact]
    public async Task A_close_during_an_attempt_fails_it_with_ClosedChannelException()
    {
        using SilentPort silent = await SilentPort.OpenAsync();
        IChannel client = await RegisterAsync(Client(_ => { }));
        Task connecting = client.ConnectAsync(silent.Address);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(silent.Address).InTime());
        Assert.Null(client.RemoteAddress);
        await client.CloseAsync().InTime();
        await Assert.ThrowsAsync<ClosedChannelException>(() => connecting.InTime());
    }

    [Fact]
    public async Task An_address_of_no_supported_kind_fails_the_attempt_and_closes_the_channel()
    {
        IChannel client = await RegisterAsync(Client(_ => { }));
        await Assert.ThrowsAnyAsync<Exception>(() => client.Unsafe.ConnectAsync(new DnsEndPoint("localhost", 1), null).InTime());
        await client.CloseCompletion.InTime();
    }

    [Fact]
    public async Task A_handler_may_close_the_channel_as_soon_as_it_is_active()
    {
        IChannel listener = await BindAsync(Server(_ => { }));
        StateHandler state = new() { ClosesWhenActive = true };
        Bootstrap client = Client(channel => channel.Pipeline.AddLast(state));
        Keep(await client.ConnectAsync(listener.LocalAddress).InTime());
        await state.Unregistered.Task.InTime();
        Assert.Equal((1, null), (state.Actives, state.Error));
    }

    [Fact]
    public async Task A_write_before_the_connection_fails_with_NotYetConnectedException_and_not_the_attempt()
    {
        IChannel listener = await BindAsync(Server(_ => { }));
        StateHandler state = new();
        IChannel client = await RegisterAsync(Client(channel => channel.Pipeline.AddLast(state)));
        await Assert.ThrowsAsync<NotYetConnectedException>(
            () => client.WriteAndFlushAsync(Unpooled.WrappedBuffer([1])).InTime());
        await client.ConnectAsync(listener.LocalAddress).InTime();
        await client.WriteAndFlushAsync(Unpooled.WrappedBuffer([1])).InTime();
        Assert.Null(state.Error);
    }

    private sealed class AddressHandler : ChannelHandlerAdapter
    {
        public (EndPoint? Local, EndPoint? Remote) BeforeUse { get; private set; } = (AnyLoopbackPort, AnyLoopbackPort);

        public override void ChannelRegistered(IChannelHandlerContext context)
        {
            BeforeUse = (context.Channel.LocalAddress, context.Channel.RemoteAddress);
            context.FireChannelRegistered();
        }
    }

    private sealed class StateHandler : ChannelHandlerAdapter
    {
        public bool ClosesWhenActive { get; init; }

        public TaskCompletionSource Unregistered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Actives { get; private set; }

        public Exception? Error { get; private set; }

        public override void ChannelActive(IChannelHandlerContext context)
        {
            Actives++;
            if (ClosesWhenActive)
            {
                context.CloseAsync();
            }
        }

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Error = exception;

        public override void ChannelUnregistered(IChannelHandlerContext context) => Unregistered.TrySetResult();
    }
}
