namespace IgsNetty.Perf.Load;

/// <summary>Bulk over a far link, from the first byte on; what comes after half of the measured time also counts apart, without the ramp-up.</summary>
internal sealed class FarBulkLoad(BulkLoad bulk, TimeSpan half) : ILoad
{
    private static readonly TimeSpan LookForPhase = TimeSpan.FromSeconds(0.001);

    private long _atHalf = long.MaxValue;

    public int Threads => bulk.Threads + 1;

    public long Count => bulk.Count;

    /// <summary>Bytes of the second half.</summary>
    public long CountBeside => Math.Max(0, bulk.Count - Volatile.Read(ref _atHalf));

    public void RunThread(int thread, LoadControl control)
    {
        if (thread < bulk.Threads)
        {
            bulk.RunThread(thread, control);
            return;
        }

        control.AwaitAllConnected();
        while (!control.IsMeasuring && !control.IsEnding)
        {
            Thread.Sleep(LookForPhase);
        }

        Thread.Sleep(half);
        Volatile.Write(ref _atHalf, bulk.Count);
    }
}
