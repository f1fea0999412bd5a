using System.Diagnostics;

namespace IgsNetty.Perf.Load;

/// <summary>What the threads of one load run and the one that measures them tell each other.</summary>
internal sealed class LoadControl(int threads) : IDisposable
{
    /// <summary>For all streams together. 20,000 take half a minute where most of the system's ports wait in TIME_WAIT.</summary>
    public static readonly TimeSpan ConnectLimit = HangGuard.Limit;

    private readonly CountdownEvent _unconnected = new(threads);
    private readonly CountdownEvent _running = new(threads);
    private readonly ManualResetEvent _failed = new(false);
    private long _measuredFrom = long.MaxValue;
    private long _measuredUntil = long.MaxValue;
    private volatile bool _isMeasuring;
    private volatile bool _isEnding;
    private Exception? _failure;

    public bool IsMeasuring => _isMeasuring;

    /// <summary>Send nothing new; finish what is under way.</summary>
    public bool IsEnding => _isEnding;

    public WaitHandle AllConnected => _unconnected.WaitHandle;

    public WaitHandle AllDone => _running.WaitHandle;

    public WaitHandle Failed => _failed;

    /// <summary>The first failure of any thread.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    public int Running => _running.CurrentCount;

    /// <param name="timestamp">Of <see cref="Stopwatch"/>, and not of the future.</param>
    public bool WasMeasuringAt(long timestamp) =>
        timestamp >= Volatile.Read(ref _measuredFrom) && timestamp < Volatile.Read(ref _measuredUntil);

    public void BeginMeasuring()
    {
        Volatile.Write(ref _measuredFrom, Stopwatch.GetTimestamp());
        _isMeasuring = true;
    }

    public void EndMeasuring()
    {
        Volatile.Write(ref _measuredUntil, Stopwatch.GetTimestamp());
        _isMeasuring = false;
        _isEnding = true;
    }

    /// <summary>
    /// This thread's streams are up. Returns when those of all threads are: threads at full speed would starve the others' connects.
    /// </summary>
    public void AwaitAllConnected()
    {
        _unconnected.Signal();
        if (!_unconnected.Wait(ConnectLimit))
        {
            throw new PerfException($"the streams did not connect within {ConnectLimit.TotalSeconds} s");
        }
    }

    public void Done() => _running.Signal();

    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            _failed.Set();
        }
    }

    public void Dispose()
    {
        _unconnected.Dispose();
        _running.Dispose();
        _failed.Dispose();
    }
}
