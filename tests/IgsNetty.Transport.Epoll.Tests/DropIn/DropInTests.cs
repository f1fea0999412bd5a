using System.Net;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>
/// The behaviour that DotNetty's own test suites (sockets and libuv) ask of a transport, by public DotNetty API only. A suite derives from
/// this class. Each test ends with all channels closed and with no warning of DotNetty's: an unknown option, a leaked buffer.
/// </summary>
public abstract class DropInTests : IAsyncLifetime
{
    private readonly List<IChannel> _channels = [];

    private protected IEventLoopGroup Group { get; } = new EpollEventLoopGroup(2);

    private protected static IPEndPoint AnyLoopbackPort { get; } = new(IPAddress.Loopback, 0);

    public Task InitializeAsync()
    {
        _ = DotNettyLog.Instance.Take();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (IChannel channel in _channels)
        {
            await channel.CloseAsync().InTime();
        }

        await Group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)).InTime("the loops' end");
        string complaints = string.Join(Environment.NewLine, DotNettyLog.Instance.Take());
        Assert.True(complaints.Length == 0, complaints);
    }

    private protected ServerBootstrap Server(Action<IChannel> initialize, IEventLoopGroup? group = null) => new ServerBootstrap()
        .Group(group ?? Group)
        .Channel<EpollServerSocketChannel>()
        .ChildHandler(new ActionChannelInitializer<IChannel>(initialize));

    private protected Bootstrap Client(Action<IChannel> initialize, IEventLoopGroup? group = null) => new Bootstrap()
        .Group(group ?? Group)
        .Channel<EpollSocketChannel>()
        .Handler(new ActionChannelInitializer<IChannel>(initialize));

    private protected async Task<IChannel> BindAsync(ServerBootstrap server, IPEndPoint? address = null) =>
        Keep(await server.BindAsync(address ?? AnyLoopbackPort).InTime());

    private protected async Task<IChannel> ConnectAsync(Bootstrap client, IChannel server) =>
        Keep(await client.ConnectAsync(server.LocalAddress).InTime());

    /// <summary>Registers a channel that is neither bound nor connected.</summary>
    private protected async Task<IChannel> RegisterAsync(Bootstrap client) =>
        Keep(await ((Task<IChannel>)client.RegisterAsync()).InTime());

    /// <summary>A server and a client that are connected, and the server's channel for this client.</summary>
    private protected async Task<Pair> PairAsync(
        IChannelHandler? serverHandler, IChannelHandler? clientHandler, Action<ServerBootstrap, Bootstrap>? setUp = null)
    {
        TaskCompletionSource<IChannel> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ServerBootstrap server = Server(channel =>
        {
            Add(channel, serverHandler);
            accepted.TrySetResult(channel);
        });
        Bootstrap client = Client(channel => Add(channel, clientHandler));
        setUp?.Invoke(server, client);
        IChannel listener = await BindAsync(server);
        IChannel connected = await ConnectAsync(client, listener);
        return new Pair(listener, Keep(await accepted.Task.InTime("an accepted channel")), connected);
    }

    /// <summary>Waits until the channel's loop has taken several turns: what has arrived by now and may be read is read.</summary>
    private protected static async Task SettleAsync(IChannel channel)
    {
        for (int turn = 0; turn < 10; turn++)
        {
            await channel.EventLoop.SubmitAsync(() => turn).InTime();
        }
    }

    private protected IChannel Keep(IChannel channel)
    {
        _channels.Add(channel);
        return channel;
    }

    private static void Add(IChannel channel, IChannelHandler? handler)
    {
        if (handler is not null)
        {
            channel.Pipeline.AddLast(handler);
        }
    }

    private protected sealed record Pair(IChannel Listener, IChannel Accepted, IChannel Client);
}
