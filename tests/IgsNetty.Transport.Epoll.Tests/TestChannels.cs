using System.Net;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Loops and channels as a program makes them that knows DotNetty only.</summary>
internal sealed class TestChannels : IAsyncDisposable
{
    public IEventLoopGroup Group { get; } = new MultithreadEventLoopGroup(parent => new EpollEventLoop(parent), 2);

    /// <summary>Listens, and gives each accepted channel this handler.</summary>
    public Task<IChannel> ListenAsync(EndPoint address, Func<IChannelHandler> handler, Action<ServerBootstrap>? setUp = null)
    {
        ServerBootstrap bootstrap = new ServerBootstrap()
            .Group(Group)
            .ChannelFactory(() => new EpollServerSocketChannel(address.AddressFamily))
            .ChildHandler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(handler())));
        setUp?.Invoke(bootstrap);
        return bootstrap.BindAsync(address);
    }

    public Task<IChannel> ConnectAsync(EndPoint address, IChannelHandler handler, Action<Bootstrap>? setUp = null, bool isAnyFamily = false)
    {
        Bootstrap bootstrap = new Bootstrap()
            .Group(Group)
            .ChannelFactory(() => isAnyFamily ? new EpollSocketChannel() : new EpollSocketChannel(address.AddressFamily))
            .Handler(handler);
        setUp?.Invoke(bootstrap);
        return bootstrap.ConnectAsync(address);
    }

    public async ValueTask DisposeAsync() => await Group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1));
}
