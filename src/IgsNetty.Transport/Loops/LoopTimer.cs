using System.Runtime.CompilerServices;
using DotNetty.Common;
using DotNetty.Common.Concurrency;

namespace IgsNetty.Transport.Loops;

/// <summary>
/// One timer of a loop; made, cancelled and awaited on any thread. What its action throws is logged by the loop, and is in
/// <see cref="Completion"/>, which is made only when somebody asks for it.
/// </summary>
internal sealed class LoopTimer : IScheduledTask, IRunnable
{
    private const int Pending = 0;
    private const int Running = 1;
    private const int Over = 2;
    private const int Cancelled = 3;

    private readonly TransportLoop _loop;
    private readonly LoopTimers _timers;
    private readonly Action<object?, object?> _action;
    private readonly object? _context;
    private readonly object? _state;
    private System.Threading.Tasks.TaskCompletionSource? _completion;
    private Exception? _fault;
    private int _stage;

    /// <summary>It waits for its time from its first <see cref="Run"/> on.</summary>
    public LoopTimer(TransportLoop loop, LoopTimers timers, Action<object?, object?> action, object? context, object? state, TimeSpan delay)
    {
        _loop = loop;
        _timers = timers;
        _action = action;
        _context = context;
        _state = state;
        Deadline = PreciseTimeSpan.Deadline(delay);
    }

    /// <inheritdoc/>
    public PreciseTimeSpan Deadline { get; }

    /// <summary>Where it is among those that wait; -1: it is not. Loop only.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Of those that are due together the lower goes first. Loop only.</summary>
    public long Number { get; set; }

    /// <inheritdoc/>
    public Task Completion
    {
        get
        {
            System.Threading.Tasks.TaskCompletionSource made = new(TaskCreationOptions.RunContinuationsAsynchronously);
            System.Threading.Tasks.TaskCompletionSource completion = Interlocked.CompareExchange(ref _completion, made, null) ?? made;
            Settle();
            return completion.Task;
        }
    }

    /// <inheritdoc/>
    public TaskAwaiter GetAwaiter() => Completion.GetAwaiter();

    /// <inheritdoc/>
    public bool Cancel()
    {
        if (Interlocked.CompareExchange(ref _stage, Cancelled, Pending) != Pending)
        {
            return false;
        }

        Settle();
        if (_loop.InEventLoop)
        {
            Run();
        }
        else
        {
            _loop.Execute(this);
        }

        return true;
    }

    /// <summary>Joins those that wait, or leaves them when it was cancelled. Loop only.</summary>
    public void Run()
    {
        if (Volatile.Read(ref _stage) == Cancelled)
        {
            _timers.Remove(this);
        }
        else if (Place < 0)
        {
            _timers.Add(this);
        }
    }

    /// <summary>Its time has come, and it waits no longer. Loop only.</summary>
    public void Fire()
    {
        if (Interlocked.CompareExchange(ref _stage, Running, Pending) != Pending)
        {
            return;
        }

        try
        {
            _action(_context, _state);
        }
        catch (Exception e)
        {
            _fault = e;
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref _stage, Over);
            Settle();
        }
    }

    // Called behind each full fence that changes the stage or the completion: whichever comes second sees the other.
    private void Settle()
    {
        if (Volatile.Read(ref _completion) is not { } completion)
        {
            return;
        }

        switch (Volatile.Read(ref _stage))
        {
            case Cancelled:
                completion.TrySetCanceled();
                break;
            case Over when _fault is { } fault:
                completion.TrySetException(fault);
                break;
            case Over:
                completion.TrySetResult();
                break;
        }
    }
}
