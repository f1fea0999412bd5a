namespace IgsNetty.Perf.Load;

/// <summary>How many threads serve many sockets, where none needs a thread of its own.</summary>
internal static class LoadThreads
{
    /// <summary>Of a load, and of its target: enough to feed gateways that may use all cores.</summary>
    public static int Most => Math.Clamp(Environment.ProcessorCount / 4, 1, 4);

    /// <summary>What each thread gets of so many streams; no thread gets none.</summary>
    public static IEnumerable<int> Share(int streams)
    {
        int threads = Math.Min(streams, Most);
        return Enumerable.Range(0, threads).Select(i => (streams / threads) + (i < streams % threads ? 1 : 0));
    }
}
