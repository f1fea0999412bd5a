using System.Diagnostics;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>The round trips of one load thread, whatever one is: how many, and how long they took; a minute stands for any longer time.</summary>
internal sealed class RoundTripBook
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private const long MostNanoseconds = 60_000_000_000;

    private readonly LongHistogram _nanoseconds = CreateHistogram();
    private long _count;

    /// <summary>Since the start; read from any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    /// <param name="beganMeasured">Its latency counts. By its beginning, so that a stall at the measured time's end is not lost.</param>
    public void Add(long ticks, bool beganMeasured)
    {
        Volatile.Write(ref _count, _count + 1);
        if (beganMeasured)
        {
            _nanoseconds.RecordValue(Math.Min((long)(ticks * NanosecondsPerTick), MostNanoseconds));
        }
    }

    /// <summary>Of all threads' round trips that count, in nanoseconds; null if there were none. Only after the load run.</summary>
    public static LongHistogram? Merge(IEnumerable<RoundTripBook> books)
    {
        LongHistogram all = CreateHistogram();
        foreach (RoundTripBook book in books)
        {
            all.Add(book._nanoseconds);
        }

        return all.TotalCount == 0 ? null : all;
    }

    /// <summary>As <see cref="Merge"/>: within which so many percent of them were back; null if there were none.</summary>
    public static double? Microseconds(IEnumerable<RoundTripBook> books, double percentile) =>
        Merge(books)?.GetValueAtPercentile(percentile) / 1e3;

    private static LongHistogram CreateHistogram() => new(MostNanoseconds, numberOfSignificantValueDigits: 3);
}
