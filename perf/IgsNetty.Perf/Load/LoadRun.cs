using System.Diagnostics;
using System.Net.Sockets;
using IgsNetty.Perf.Contenders;

namespace IgsNetty.Perf.Load;

/// <summary>One load run: connect, warm up, measure, end, check. Every wait has a limit.</summary>
internal static class LoadRun
{
    private const int StackSize = 256 * 1024;

    // A stream that stalls must be able to report it first.
    private static readonly TimeSpan EndLimit = 2 * LoadSocket.StallLimit;


    /// <exception cref="PerfException">A stream failed, stalled, or carried something else than was sent.</exception>
    public static LoadOutcome Measure(ILoad load, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        // The garbage of earlier runs is collected now and not in the measured time.
        GC.Collect();

        // Not disposed after a failure: a thread that is stuck in its socket may still use it.
        LoadControl control = new(load.Threads);
        for (int i = 0; i < load.Threads; i++)
        {
            int thread = i;
            new Thread(() => RunThread(load, thread, control), StackSize) { IsBackground = true, Name = $"load {thread}" }.Start();
        }

        try
        {
            return Measure(load, contender, timing, control, cancel);
        }
        catch (PerfException)
        {
            // Other load runs may follow where it was a peer that failed; what is left of this one must not be beside them.
            control.EndMeasuring();
            control.AllDone.WaitOne(LoadSocket.StallLimit);
            throw;
        }
    }

    private static LoadOutcome Measure(
        ILoad load, Contender contender, LoadTiming timing, LoadControl control, CancellationToken cancel)
    {
        if (!Wait(control, control.AllConnected, LoadControl.ConnectLimit, cancel))
        {
            throw new PerfException($"the streams did not connect within {LoadControl.ConnectLimit.TotalSeconds} s");
        }

        Wait(control, null, timing.WarmUp, cancel);
        LoadOutcome outcome = MeasureNow(load, contender, timing, control, cancel);
        if (!Wait(control, control.AllDone, EndLimit, cancel))
        {
            throw new PerfException($"{control.Running} of {load.Threads} load threads did not end within {EndLimit.TotalSeconds} s");
        }

        if (outcome.Count == 0 && !load.IsSilent)
        {
            throw new PerfException("nothing came through in the measured time");
        }

        control.Dispose();
        return outcome with { Latency = load.Latency };
    }

    private static LoadOutcome MeasureNow(
        ILoad load, Contender contender, LoadTiming timing, LoadControl control, CancellationToken cancel)
    {
        control.BeginMeasuring();
        long? switches = contender.ContextSwitches();
        TimeSpan? gatewayCpu = contender.GatewayCpu();
        TimeSpan loadCpu = Environment.CpuUsage.TotalTime;
        long count = load.Count;
        long countBeside = load.CountBeside;
        long start = Stopwatch.GetTimestamp();

        Wait(control, null, timing.Measured, cancel);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        count = load.Count - count;
        countBeside = load.CountBeside - countBeside;
        loadCpu = Environment.CpuUsage.TotalTime - loadCpu;
        gatewayCpu = contender.GatewayCpu() - gatewayCpu;
        IReadOnlyList<long> memory = contender.GatewayMemory();
        switches = contender.ContextSwitches() - switches;
        IReadOnlyList<int> descriptors = contender.Descriptors();
        control.EndMeasuring();
        return new LoadOutcome(seconds, count, countBeside, gatewayCpu?.TotalSeconds, memory, loadCpu.TotalSeconds)
        {
            ContextSwitches = switches >= 0 ? switches : null,
            Descriptors = descriptors,
            AllocatedBytes = contender.Allocations?.RateSince(start) * seconds,
        };
    }

    /// <summary>True when <paramref name="awaited"/> was set, false after the limit; a failure ends the wait at once.</summary>
    private static bool Wait(LoadControl control, WaitHandle? awaited, TimeSpan limit, CancellationToken cancel)
    {
        WaitHandle[] handles = awaited is null
            ? [cancel.WaitHandle, control.Failed]
            : [cancel.WaitHandle, control.Failed, awaited];
        int index = WaitHandle.WaitAny(handles, limit);
        cancel.ThrowIfCancellationRequested();

        // A thread that failed is done as well, so both handles may be set.
        return control.Failure is { } failure ? throw new PerfException(failure.Message, failure) : index != WaitHandle.WaitTimeout;
    }

    private static void RunThread(ILoad load, int thread, LoadControl control)
    {
        try
        {
            load.RunThread(thread, control);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            control.Fail(new PerfException($"load thread {thread}: nothing moved for {LoadSocket.StallLimit.TotalSeconds} s", e));
        }
        catch (Exception e)
        {
            control.Fail(new PerfException($"load thread {thread}: {e.Message}", e));
        }
        finally
        {
            control.Done();
        }
    }
}
