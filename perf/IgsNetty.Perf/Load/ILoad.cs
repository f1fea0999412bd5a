using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>The load generator of one load run; <see cref="LoadRun"/> owns its threads and its time.</summary>
internal interface ILoad
{
    int Threads { get; }

    /// <summary>Nothing is to come through in the measured time.</summary>
    bool IsSilent => false;

    /// <summary>What came through so far (bytes, round trips); read from another thread.</summary>
    long Count { get; }

    /// <summary>Of each round trip that counts, in nanoseconds; null where none is measured. Only after the load run.</summary>
    LongHistogram? Latency => null;

    /// <summary>What came through beside it, of another kind (bytes beside round trips); read from another thread.</summary>
    long CountBeside => 0;

    /// <summary>
    /// Connects, calls <see cref="LoadControl.AwaitAllConnected"/>, sends until <see cref="LoadControl.IsEnding"/>, ends its streams and
    /// checks them. Throws when anything is not as it must be; waits for no answer longer than <see cref="LoadSocket.StallLimit"/>.
    /// </summary>
    void RunThread(int thread, LoadControl control);
}
