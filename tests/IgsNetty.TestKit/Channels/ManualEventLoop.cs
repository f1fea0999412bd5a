using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace IgsNetty.TestKit.Channels;

/// <summary>
/// An event loop that runs when a test says so, on the test's thread, and whose time stands still until the test moves
/// it. A task that throws fails the test. DotNetty's own embedded loop serves one channel only and runs on the real clock.
/// </summary>
public sealed class ManualEventLoop : AbstractEventExecutor, IEventLoop
{
    private const int RunawayTasks = 5_000_000;

    private readonly Queue<IRunnable> _tasks = new();
    private readonly List<ManualTimer> _timers = [];

    /// <summary>The loop's time; starts at zero.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Timers that are neither due nor cancelled.</summary>
    public int Timers => _timers.Count(timer => !timer.IsCancelled);

    /// <inheritdoc/>
    public override bool IsShutdown => false;

    /// <inheritdoc/>
    public override bool IsTerminated => false;

    /// <inheritdoc/>
    public override bool IsShuttingDown => false;

    /// <inheritdoc/>
    public override Task TerminationCompletion => throw new NotSupportedException();

    IEventLoopGroup IEventLoop.Parent => this;

    IEnumerable<IEventLoop> IEventLoopGroup.Items => [this];

    IEventLoop IEventLoopGroup.GetNext() => this;

    /// <summary>Runs what is queued, and what that queues, until nothing is left.</summary>
    public void RunTasks() => Run(int.MaxValue);

    /// <summary>Runs what is queued, and leaves what that queues: one turn of a loop.</summary>
    public void RunTurn() => Run(_tasks.Count);

    private void Run(int most)
    {
        // A loop's thread has no context to post to, and what is awaited on it goes on there: the test's own must not be seen.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            RunQueued(most);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void RunQueued(int most)
    {
        for (int i = 0; i < most && _tasks.TryDequeue(out IRunnable? task); i++)
        {
            if (i > RunawayTasks)
            {
                throw new InvalidOperationException("the loop's tasks queue each other for ever");
            }

            task.Run();
        }
    }

    /// <summary>Lets time pass: what falls due on the way runs in order, each at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan end = Now + by;
        RunTasks();
        while (true)
        {
            _timers.RemoveAll(timer => timer.IsCancelled);
            ManualTimer? next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
            {
                break;
            }

            _timers.Remove(next);
            Now = next.Due > Now ? next.Due : Now;
            next.Run();
            RunTasks();
        }

        Now = end;
    }

    /// <inheritdoc/>
    public Task RegisterAsync(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.Unsafe.RegisterAsync(this);
    }

    /// <inheritdoc/>
    public override bool IsInEventLoop(Thread thread) => true;

    /// <inheritdoc/>
    public override void Execute(IRunnable task) => _tasks.Enqueue(task);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(IRunnable action, TimeSpan delay) => Add(action.Run, delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action action, TimeSpan delay) => Add(action, delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action<object> action, object state, TimeSpan delay) => Add(() => action(state), delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action<object, object> action, object context, object state, TimeSpan delay) =>
        Add(() => action(context, state), delay);

    /// <inheritdoc/>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => [this];

    private ManualTimer Add(Action action, TimeSpan delay)
    {
        ManualTimer timer = new(action, Now + delay);
        _timers.Add(timer);
        return timer;
    }
}
