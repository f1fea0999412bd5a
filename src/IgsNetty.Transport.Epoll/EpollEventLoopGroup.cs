using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Event loops on epoll for <c>Bootstrap</c> and <c>ServerBootstrap</c>; channels are dealt out to them in turn. Only the channels of
/// this project can be registered. A shutdown of the group closes the channels of its loops. Thread-safe. See docs/epoll-transport.md.
/// </summary>
public sealed class EpollEventLoopGroup : AbstractEventExecutorGroup, IEventLoopGroup
{
    private readonly EpollEventLoop[] _loops;
    private uint _next;

    /// <summary>One loop per processor.</summary>
    /// <exception cref="PlatformNotSupportedException">See <see cref="EpollTransport.IsSupported"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no descriptor left.</exception>
    public EpollEventLoopGroup()
        : this(Environment.ProcessorCount)
    {
    }

    /// <inheritdoc cref="EpollEventLoopGroup(int, TimeSpan)"/>
    public EpollEventLoopGroup(int loops)
        : this(loops, EpollEventLoop.DefaultBusyPoll)
    {
    }

    /// <param name="loops">Event loops, one thread each; at least 1.</param>
    /// <param name="busyPoll">The longest time that a loop polls before it sleeps, while polling finds work; zero: never.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="EpollTransport.IsSupported"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no descriptor left.</exception>
    public EpollEventLoopGroup(int loops, TimeSpan busyPoll)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        if (!EpollTransport.IsSupported(out string reason))
        {
            throw new PlatformNotSupportedException(reason);
        }

        _loops = new EpollEventLoop[loops];
        for (int i = 0; i < loops; i++)
        {
            try
            {
                _loops[i] = new EpollEventLoop(this, busyPoll);
            }
            catch
            {
                _ = Task.WhenAll(_loops[..i].Select(loop => loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.Zero)));
                throw;
            }
        }

        TerminationCompletion = Task.WhenAll(_loops.Select(loop => loop.TerminationCompletion));
    }

    /// <inheritdoc/>
    public override bool IsShuttingDown => _loops.All(loop => loop.IsShuttingDown);

    /// <inheritdoc/>
    public override bool IsShutdown => _loops.All(loop => loop.IsShutdown);

    /// <inheritdoc/>
    public override bool IsTerminated => _loops.All(loop => loop.IsTerminated);

    /// <inheritdoc/>
    public override Task TerminationCompletion { get; }

    /// <summary>The loops of the group.</summary>
    public new IEnumerable<IEventLoop> Items => _loops;

    IEventLoop IEventLoopGroup.GetNext() => Next();

    /// <inheritdoc/>
    public override IEventExecutor GetNext() => Next();

    /// <inheritdoc/>
    public Task RegisterAsync(IChannel channel) => Next().RegisterAsync(channel);

    /// <summary>
    /// Closes the channels of all loops and ends each loop once it has had no task for the quiet period, or after the time limit.
    /// </summary>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout) =>
        Task.WhenAll(_loops.Select(loop => loop.ShutdownGracefullyAsync(quietPeriod, timeout)));

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => _loops;

    private EpollEventLoop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];
}
