using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Which loop a listener gives its callers to.</summary>
public sealed class LoopSharesTests : IAsyncLifetime
{
    private readonly Channel<(IStreamSocket Socket, IEventLoop Loop)> _accepted = Channel.CreateUnbounded<(IStreamSocket, IEventLoop)>();
    private readonly EpollTransport _transport = new(
        3, UnpooledByteBufferAllocator.Default, new FixedRecvByteBufAllocator(2048), TimeSpan.Zero, NullLogger.Instance);

    private IListener _listener = null!;

    public Task InitializeAsync()
    {
        _listener = _transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), (socket, loop) =>
        {
            _ = loop.RegisterAsync(socket.Channel);
            Assert.True(_accepted.Writer.TryWrite((socket, loop)));
        });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task A_lone_caller_never_changes_loops()
    {
        List<IEventLoop> loops = [];
        for (int i = 0; i < 7; i++)
        {
            (IStreamSocket socket, IEventLoop loop) = await CallAsync();
            loops.Add(loop);
            await socket.Channel.CloseAsync().InTime();
        }

        Assert.Single(loops.Distinct());
    }

    [Fact]
    public async Task Many_spread_evenly_and_fill_the_gaps_of_those_that_went()
    {
        List<(IStreamSocket Socket, IEventLoop Loop)> callers = [];
        for (int i = 0; i < 9; i++)
        {
            callers.Add(await CallAsync());
        }

        Assert.Equal([3, 3, 3], _transport.Loops.Select(loop => callers.Count(caller => caller.Loop == loop)));
        IEventLoop left = callers[0].Loop;
        foreach ((IStreamSocket socket, IEventLoop _) in callers.Where(caller => caller.Loop == left))
        {
            await socket.Channel.CloseAsync().InTime();
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Same(left, (await CallAsync()).Loop);
        }
    }

    private async Task<(IStreamSocket Socket, IEventLoop Loop)> CallAsync()
    {
        Socket caller = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(_listener.Address).InTime();
        return await _accepted.Reader.ReadAsync().AsTask().InTime();
    }
}
