using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Sockets;

/// <summary>The transport on .NET's sockets: every operating system.</summary>
public sealed class SocketTransport : ITransport
{
    private const int Backlog = 4096;

    private readonly IByteBufferAllocator _allocator;
    private readonly IRecvByteBufAllocator _receiveBuffers;
    private readonly ILogger _logger;
    private int _next;

    /// <param name="loops">Event loops, one thread each; at least 1.</param>
    /// <param name="allocator">The pool for all channels; array-backed buffers.</param>
    /// <param name="receiveBuffers">How receive buffers of new channels are sized.</param>
    /// <param name="logger">For accept errors.</param>
    public SocketTransport(int loops, IByteBufferAllocator allocator, IRecvByteBufAllocator receiveBuffers, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        Loops = [.. Enumerable.Range(0, loops).Select(number => new SocketLoop(number))];
        _allocator = allocator;
        _receiveBuffers = receiveBuffers;
        _logger = logger;
    }

    /// <summary>A port that the system chooses, on all addresses of all families that it has.</summary>
    internal static IPEndPoint AnyPort { get; } = new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);

    /// <summary>UDP by .NET's calls on every system; for tests.</summary>
    internal bool UsesPortableDatagrams { get; init; }

    /// <summary>See <see cref="BrokenOutput.UnreadPatience"/>; for tests.</summary>
    internal TimeSpan UnreadPatience { get; init; } = BrokenOutput.UnreadPatience;

    /// <inheritdoc/>
    public string Name => "sockets";

    /// <inheritdoc/>
    public IReadOnlyList<IEventLoop> Loops { get; }

    /// <inheritdoc/>
    public IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(accept);
        return new SocketListener(
            address,
            Backlog,
            socket =>
            {
                SocketStreamChannel channel;
                try
                {
                    channel = new SocketStreamChannel(socket);
                    Configure(channel);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }

                uint turn = (uint)Interlocked.Increment(ref _next);
                accept(channel, Loops[(int)(turn % (uint)Loops.Count)]);
            },
            _logger);
    }

    /// <inheritdoc/>
    public Task<IStreamSocket> ConnectAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(loop);
        SocketStreamChannel channel = new(address.AddressFamily);
        Configure(channel);
        return Dialling.ConnectAsync(channel, address, loop, cancellation);
    }

    /// <inheritdoc/>
    public IDatagramSocket BindDatagrams(IPEndPoint? address, IEventLoop loop, IDatagramHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new SocketDatagrams(address ?? AnyPort, loop, handler, _logger, UsesPortableDatagrams);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Loops.Select(loop => loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)))).ConfigureAwait(false);

    private void Configure(SocketStreamChannel channel)
    {
        channel.UnreadPatience = UnreadPatience;
        IChannelConfiguration configuration = channel.Configuration;
        configuration.AutoRead = false;
        configuration.Allocator = _allocator;
        configuration.RecvByteBufAllocator = _receiveBuffers;
        configuration.ConnectTimeout = TimeSpan.Zero; // the caller's token is the one deadline
        configuration.SetOption(ChannelOption.TcpNodelay, true);
    }
}
