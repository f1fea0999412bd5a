using IgsNetty.Relay;
using IgsNetty.Relay.Diagnostics;

namespace IgsNetty.Gateway;

/// <summary>
/// Gives memory back to the system after a crowd has left. The runtime keeps what its heap once grew to until it collects
/// again, which a gateway at rest has no reason to do; one collection then costs nobody anything.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    /// <summary>How many must have left before it is worth it.</summary>
    internal const long Crowd = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<RelayLoop> _loops;
    private readonly Timer _timer;
    private long _most;

    public MemoryTrim(IReadOnlyList<RelayLoop> loops)
    {
        _loops = loops;
        _timer = new Timer(static trim => ((MemoryTrim)trim!).Look(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks at the number of streams, flows and reply ports now.</summary>
    /// <returns>Most of a crowd has left since the last time this was true.</returns>
    internal bool Observe(long live)
    {
        _most = Math.Max(_most, live);
        if (_most - live < Crowd || live > _most / 4)
        {
            return false;
        }

        _most = live;
        return true;
    }

    private void Look()
    {
        if (Observe(_loops.Sum(loop => Live(loop.Totals))))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static long Live(LoopTotals totals) =>
        totals.StreamsOpened - totals.StreamsEnded + totals.FlowsOpened - totals.FlowsEnded + totals.ReplyPortsOpened - totals.ReplyPortsClosed;
}
