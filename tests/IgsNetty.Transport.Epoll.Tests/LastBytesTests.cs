using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

public sealed class LastBytesTests : IAsyncLifetime
{
    private readonly TestChannels _channels = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _channels.DisposeAsync();

    [Fact]
    public async Task They_leave_with_the_FIN()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        EpollSocketChannel channel = (EpollSocketChannel)await _channels.ConnectAsync(listener.LocalEndPoint!, new CollectHandler()).InTime();
        using Socket peer = await listener.AcceptAsync().InTime();

        await channel.EventLoop.SubmitAsync(() => channel.TrySend([1])).InTime();
        await Waiting.UntilAsync(() => peer.Available == 1);
        await channel.EventLoop.SubmitAsync(() => channel.TrySendLast([2, 3])).InTime();
        Assert.Equal(1, peer.Available);
        await channel.EventLoop.SubmitAsync(() =>
        {
            channel.ShutdownOutput();
            return 0;
        }).InTime();
        await Waiting.UntilAsync(() => peer.Available == 3);

        byte[] all = new byte[8];
        Assert.Equal(3, await peer.ReceiveAsync(all.AsMemory()).AsTask().InTime());
        Assert.Equal([1, 2, 3], all[..3]);
        Assert.Equal(0, await peer.ReceiveAsync(all.AsMemory()).AsTask().InTime());
    }
}
