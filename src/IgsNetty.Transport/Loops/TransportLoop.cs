using System.Collections.Concurrent;
using DotNetty.Common;
using DotNetty.Common.Concurrency;
using DotNetty.Common.Internal.Logging;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Loops;

/// <summary>
/// An event loop: one thread that takes, in turn, what the system has for its channels, the timers that are due and the
/// tasks it was given. How it waits is its transport's own. Stands in for DotNetty's <c>SingleThreadEventExecutor</c>, whose
/// way to wait cannot be replaced, and whose shutdown never ends when a task comes at the wrong moment (docs/adr/0009).
/// A task that is given to a loop that has ended is dropped.
/// </summary>
public abstract class TransportLoop : AbstractEventExecutor, IEventLoop
{
    private const int Forever = -1;

    private static readonly IInternalLogger Logger = InternalLoggerFactory.GetInstance<TransportLoop>();

    private readonly ConcurrentQueue<IRunnable> _tasks = new();
    private readonly LoopTimers _timers = new();
    private readonly System.Threading.Tasks.TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile Shutdown? _shutdown;

    // 1: the thread waits, or is about to, and must be woken for a task. Whoever changes it to 0 wakes it.
    private int _waits;

    /// <param name="parent">The group it belongs to; null: none.</param>
    /// <param name="name">Of the thread.</param>
    protected TransportLoop(IEventLoopGroup? parent, string name)
        : base(parent)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <inheritdoc/>
    public override bool IsShuttingDown => _shutdown is not null;

    /// <inheritdoc/>
    public override bool IsShutdown => _ended.Task.IsCompleted;

    /// <inheritdoc/>
    public override bool IsTerminated => _ended.Task.IsCompleted;

    /// <inheritdoc/>
    public override Task TerminationCompletion => _ended.Task;

    IEventLoopGroup IEventLoop.Parent => (IEventLoopGroup)Parent;

    IEnumerable<IEventLoop> IEventLoopGroup.Items => [this];

    IEventLoop IEventLoopGroup.GetNext() => this;

    /// <summary>Registers the channel. A loop that shuts down closes it and fails with <see cref="RejectedExecutionException"/>.</summary>
    public Task RegisterAsync(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (IsShuttingDown)
        {
            channel.Unsafe.CloseForcibly();
            return Task.FromException(new RejectedExecutionException($"{_thread.Name} is shutting down"));
        }

        return channel.Unsafe.RegisterAsync(this);
    }

    /// <inheritdoc/>
    public override bool IsInEventLoop(Thread thread) => thread == _thread;

    /// <inheritdoc/>
    public override void Execute(IRunnable task)
    {
        _tasks.Enqueue(task);
        if (!InEventLoop)
        {
            WakeIfWaiting();
        }
    }

    /// <inheritdoc/>
    public override IScheduledTask Schedule(IRunnable action, TimeSpan delay) => Schedule(static (run, _) => ((IRunnable)run!).Run(), action, null, delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action action, TimeSpan delay) => Schedule(static (run, _) => ((Action)run!)(), action, null, delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action<object> action, object state, TimeSpan delay) =>
        Schedule(static (run, state) => ((Action<object?>)run!)(state), action, state, delay);

    /// <inheritdoc/>
    public override IScheduledTask Schedule(Action<object, object> action, object? context, object? state, TimeSpan delay)
    {
        LoopTimer timer = new(this, _timers, action!, context, state, delay);
        if (InEventLoop)
        {
            timer.Run();
        }
        else
        {
            Execute(timer);
        }

        return timer;
    }

    /// <inheritdoc/>
    public override Task ScheduleAsync(Action action, TimeSpan delay, CancellationToken cancellationToken) =>
        Completion(Schedule(action, delay), cancellationToken);

    /// <inheritdoc/>
    public override Task ScheduleAsync(Action<object> action, object state, TimeSpan delay, CancellationToken cancellationToken) =>
        Completion(Schedule(action, state, delay), cancellationToken);

    /// <inheritdoc/>
    public override Task ScheduleAsync(
        Action<object, object> action, object context, object state, TimeSpan delay, CancellationToken cancellationToken) =>
        Completion(Schedule(action, context, state, delay), cancellationToken);

    /// <summary>
    /// Ends the loop once it has had nothing to do for the quiet period. Timers are cancelled. When the limit has passed it
    /// ends whatever comes.
    /// </summary>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout)
    {
        Shutdown shutdown = new(quietPeriod, timeout);
        if (Interlocked.CompareExchange(ref _shutdown, shutdown, null) is null && !InEventLoop)
        {
            WakeIfWaiting();
        }

        return _ended.Task;
    }

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => [this];

    /// <summary>Starts the thread; the last thing that a constructor does.</summary>
    protected void Start() => _thread.Start();

    /// <summary>
    /// Waits until the system has something for a channel, or <see cref="WakeUp"/> is called, or was called since the last
    /// wait that could have lasted.
    /// </summary>
    /// <param name="milliseconds">How long; 0: only looks, -1: without end.</param>
    protected abstract void Wait(int milliseconds);

    /// <summary>Runs what the wait has found.</summary>
    protected virtual void RunReady()
    {
    }

    /// <summary>Ends a wait, now or the next; on any thread.</summary>
    protected abstract void WakeUp();

    /// <summary>Runs on the loop's thread when a shutdown begins: the time to close what is still open.</summary>
    protected virtual void CloseAll()
    {
    }

    /// <summary>Runs last, on the loop's thread.</summary>
    protected virtual void Release()
    {
    }

    private static Task Completion(IScheduledTask timer, CancellationToken cancellationToken)
    {
        Task completion = timer.Completion;
        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.Register(static timer => ((IScheduledTask)timer!).Cancel(), timer);
            _ = completion.ContinueWith(
                static (_, registration) => ((CancellationTokenRegistration)registration!).Unregister(),
                registration,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return completion;
    }

    private void WakeIfWaiting()
    {
        if (Interlocked.Exchange(ref _waits, 0) == 1)
        {
            WakeUp();
        }
    }

    private void Run()
    {
        SetCurrentExecutor(this);

        // As in DotNetty's loops: what handlers await without a word goes on on the loop.
        Task turns = new(TakeTurns);
        turns.RunSynchronously(new ExecutorTaskScheduler(this));
        Release();
        _ended.TrySetResult();
    }

    private void TakeTurns()
    {
        while (_shutdown is null)
        {
            Turn(TimeToNextTimer(), null);
        }

        Shutdown shutdown = _shutdown;
        CloseAll();
        while (!shutdown.IsOver(_tasks.IsEmpty, out int patience))
        {
            while (_timers.Next is { } timer)
            {
                _timers.Remove(timer);
                timer.Cancel();
            }

            if (!_tasks.IsEmpty)
            {
                shutdown.Note();
            }

            Turn(patience, shutdown);
        }
    }

    private void Turn(int patience, Shutdown? shutdown)
    {
        if (_tasks.IsEmpty && patience != 0)
        {
            // Before the second look, so that one who comes after that look sees it and wakes.
            Interlocked.Exchange(ref _waits, 1);
            Wait(_tasks.IsEmpty && _shutdown == shutdown ? patience : 0);
            Volatile.Write(ref _waits, 0);
        }
        else
        {
            Wait(0);
        }

        RunReady();
        RunTimers();
        RunTasks();
    }

    private int TimeToNextTimer()
    {
        if (_timers.Next is not { } next)
        {
            return Forever;
        }

        TimeSpan left = (next.Deadline - PreciseTimeSpan.FromStart).ToTimeSpan();
        return left.Ticks <= 0 ? 0 : (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue);
    }

    private void RunTimers()
    {
        if (_timers.Next is null)
        {
            return;
        }

        PreciseTimeSpan now = PreciseTimeSpan.FromStart;
        while (_timers.Next is { } due && due.Deadline <= now)
        {
            _timers.Remove(due);
            try
            {
                due.Fire();
            }
            catch (Exception e)
            {
                Logger.Warn("A timer raised an exception.", e);
            }
        }
    }

    // Those that are there now. What they bring is for the next turn, behind what the system has by then.
    private void RunTasks()
    {
        for (int left = _tasks.Count; left > 0 && _tasks.TryDequeue(out IRunnable? task); left--)
        {
            SafeExecute(task);
        }
    }

    private sealed class Shutdown(TimeSpan quietPeriod, TimeSpan timeout)
    {
        private readonly long _began = Environment.TickCount64;
        private long _lastTask = Environment.TickCount64;

        public void Note() => _lastTask = Environment.TickCount64;

        /// <param name="isIdle">No task is there.</param>
        /// <param name="patience">How long there may be nothing to do until it is over, in milliseconds.</param>
        public bool IsOver(bool isIdle, out int patience)
        {
            long now = Environment.TickCount64;
            double left = timeout.TotalMilliseconds - (now - _began);
            double quiet = quietPeriod.TotalMilliseconds - (now - _lastTask);
            patience = (int)Math.Clamp(Math.Min(left, quiet), 1, int.MaxValue);
            return left < 0 || (isIdle && quiet <= 0);
        }
    }
}
