using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>The channels in a program that knows DotNetty only, whose conventions then hold.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    private readonly TestChannels _channels = new();

    public static TheoryData<string, bool> Addresses => new()
    {
        { "127.0.0.1", false },
        { "127.0.0.1", true },
        { "::1", false },
        { "::1", true },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _channels.DisposeAsync();

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Client_and_server_echo(string address, bool isAnyFamily)
    {
        IChannel server = await _channels.ListenAsync(new IPEndPoint(IPAddress.Parse(address), 0), () => new EchoHandler()).InTime();
        CollectHandler collected = new();
        IChannel client = await _channels.ConnectAsync(server.LocalAddress, collected, isAnyFamily: isAnyFamily).InTime();
        await AssertEchoAsync(client, collected);
        Assert.Equal(server.LocalAddress, client.RemoteAddress);
    }

    [Fact]
    public async Task Unix_domain_sockets_echo()
    {
        string folder = Directory.CreateTempSubdirectory("igsnetty-").FullName;
        try
        {
            UnixDomainSocketEndPoint address = new(Path.Combine(folder, "s"));
            await _channels.ListenAsync(address, () => new EchoHandler()).InTime();
            CollectHandler collected = new();
            await AssertEchoAsync(await _channels.ConnectAsync(address, collected).InTime(), collected);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // The kernel connects a Unix domain socket at once, so the channel is active before the call is over.
    [Fact]
    public async Task A_handler_may_close_a_channel_that_is_connected_at_once()
    {
        string folder = Directory.CreateTempSubdirectory("igsnetty-").FullName;
        try
        {
            UnixDomainSocketEndPoint address = new(Path.Combine(folder, "s"));
            await _channels.ListenAsync(address, () => new EchoHandler()).InTime();
            IChannel client = await _channels.ConnectAsync(
                address, new ActionChannelInitializer<IChannel>(c => c.Pipeline.AddLast(new CloseAtOnceHandler()))).InTime();
            await client.CloseCompletion.InTime();
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public async Task The_peers_end_closes_the_channel_unless_half_closure_is_allowed()
    {
        IChannel server = await _channels.ListenAsync(
            new IPEndPoint(IPAddress.Loopback, 0), () => new EchoHandler(), b => b.ChildOption(ChannelOption.AllowHalfClosure, true)).InTime();
        foreach (bool isAllowed in new[] { false, true })
        {
            using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            CollectHandler collected = new();
            IChannel client = await _channels.ConnectAsync(
                listener.LocalEndPoint!, collected, b => b.Option(ChannelOption.AllowHalfClosure, isAllowed)).InTime();
            using Socket peer = await listener.AcceptAsync().InTime();
            peer.Shutdown(SocketShutdown.Send);
            if (isAllowed)
            {
                await client.WriteAndFlushAsync(Unpooled.WrappedBuffer([1, 2, 3])).InTime();
                Assert.Equal(3, await peer.ReceiveAsync(new byte[8].AsMemory()).AsTask().InTime());
            }
            else
            {
                await collected.Inactive.InTime();
            }
        }

        Assert.True(server.Open);
    }

    [Fact]
    public async Task A_refused_connection_fails_its_promise_and_leaves_no_descriptor()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int before = Descriptors.CountSockets();
        ConnectException error = await Assert.ThrowsAsync<ConnectException>(
            () => _channels.ConnectAsync(closed.LocalEndPoint!, new CollectHandler()).InTime());
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        await Descriptors.UntilSocketsAsync(before);
    }

    [Fact]
    public async Task Listeners_share_a_port_where_both_want_it()
    {
        IPEndPoint any = new(IPAddress.Loopback, 0);
        IChannel first = await _channels.ListenAsync(any, () => new EchoHandler(), b => b.Option(ChannelOption.SoReuseport, true)).InTime();
        Task<IChannel> second = _channels.ListenAsync(first.LocalAddress, () => new EchoHandler(), b => b.Option(ChannelOption.SoReuseport, true));
        Assert.Equal(first.LocalAddress, (await second.InTime()).LocalAddress);
        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => _channels.ListenAsync(first.LocalAddress, () => new EchoHandler()).InTime());
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_channel_closes_while_another_thread_is_in_a_call_with_its_socket()
    {
        IChannel channel = await _channels.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), () => new EchoHandler()).InTime();
        SocketDescriptor descriptor = ((EpollServerSocketChannel)channel).Descriptor;
        bool isHeld = false;
        descriptor.DangerousAddRef(ref isHeld);
        try
        {
            await channel.CloseAsync().InTime();
            Assert.False(channel.Open);
        }
        finally
        {
            descriptor.DangerousRelease();
        }
    }

    [Fact]
    public async Task A_loop_of_another_transport_is_refused()
    {
        SocketLoop other = new(number: 0);
        EpollSocketChannel channel = new();
        await Assert.ThrowsAnyAsync<Exception>(() => other.RegisterAsync(channel).InTime());
        channel.Descriptor.Dispose();
        await other.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)).InTime();
    }

    private static async Task AssertEchoAsync(IChannel client, CollectHandler collected)
    {
        byte[] bytes = Bytes.Random(5000, seed: 11);
        await client.WriteAndFlushAsync(Unpooled.WrappedBuffer(bytes)).InTime();
        Assert.Equal(bytes, await collected.ReceiveAsync(bytes.Length));
    }

    private sealed class CloseAtOnceHandler : ChannelHandlerAdapter
    {
        public override void ChannelActive(IChannelHandlerContext context) => context.CloseAsync();
    }
}
