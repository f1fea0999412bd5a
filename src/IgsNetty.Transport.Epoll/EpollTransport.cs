using System.Net;
using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Epoll;

/// <summary>The native transport of Linux: epoll, and the system's own calls for sockets. See docs/adr/0010.</summary>
public sealed class EpollTransport : ITransport
{
    private readonly IByteBufferAllocator _allocator;
    private readonly IRecvByteBufAllocator _receiveBuffers;
    private readonly LocalAddresses _localAddresses = new();
    private readonly ILogger _logger;
    private uint _next;

    /// <param name="loops">Event loops, one thread each; at least 1.</param>
    /// <param name="allocator">The pool for all channels; buffers of pinned memory spare a pin for each call.</param>
    /// <param name="receiveBuffers">How receive buffers of new channels are sized.</param>
    /// <param name="busyPoll">The longest a loop looks for something to do before it sleeps; zero: not at all.</param>
    /// <param name="logger">For accept errors.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public EpollTransport(int loops, IByteBufferAllocator allocator, IRecvByteBufAllocator receiveBuffers, TimeSpan busyPoll, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        if (!IsSupported(out string reason))
        {
            throw new PlatformNotSupportedException(reason);
        }

        Loops = [.. Enumerable.Range(0, loops).Select(_ => new EpollEventLoop(null, busyPoll))];
        _allocator = allocator;
        _receiveBuffers = receiveBuffers;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name => "epoll";

    /// <inheritdoc/>
    public IReadOnlyList<IEventLoop> Loops { get; }

    /// <summary>Can this machine have it?</summary>
    /// <param name="reason">Why not; empty when it can.</param>
    public static bool IsSupported(out string reason)
    {
        reason = Obstacle(OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture);
        return reason.Length == 0;
    }

    internal static string Obstacle(bool isLinux, Architecture processor) =>
        !isLinux ? $"epoll is Linux's, and this is {RuntimeInformation.OSDescription}"
        : processor is not (Architecture.X64 or Architecture.Arm64) ? $"the epoll transport is for x64 and arm64, and this is {processor}"
        : string.Empty;

    /// <inheritdoc/>
    public IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(accept);
        IEventLoop own = NextLoop();
        LoopShares shares = new(Loops, own);
        return new EpollListener(
            address,
            own,
            channel =>
            {
                Configure(channel);
                accept(channel, Loops[channel.TakeShare(shares)]);
            },
            _logger);
    }

    /// <inheritdoc/>
    public Task<IStreamSocket> ConnectAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(loop);
        EpollSocketChannel channel = new(address.AddressFamily);
        Configure(channel);
        return Dialling.ConnectAsync(channel, address, loop, cancellation);
    }

    /// <inheritdoc/>
    public IDatagramSocket BindDatagrams(IPEndPoint? address, IEventLoop loop, IDatagramHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new EpollDatagramSocket(address, _localAddresses, (EpollEventLoop)loop, handler, _logger);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Loops.Select(loop => loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)))).ConfigureAwait(false);

    private IEventLoop NextLoop() => Loops[(int)(Interlocked.Increment(ref _next) % (uint)Loops.Count)];

    /// <summary>See <see cref="BrokenOutput.UnreadPatience"/>; for tests.</summary>
    internal TimeSpan UnreadPatience { get; init; } = BrokenOutput.UnreadPatience;

    private void Configure(EpollSocketChannel channel)
    {
        channel.UnreadPatience = UnreadPatience;
        EpollSocketChannelConfiguration configuration = (EpollSocketChannelConfiguration)channel.Configuration;
        configuration.AutoRead = false;
        configuration.AllowHalfClosure = true;
        configuration.Allocator = _allocator;
        configuration.RecvByteBufAllocator = _receiveBuffers;
        configuration.ConnectTimeout = TimeSpan.Zero; // the caller's token is the one deadline
    }
}
