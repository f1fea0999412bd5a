using System.Diagnostics;

namespace IgsNetty.Perf.Load;

/// <summary>
/// When each request of an open-loop load is to be sent: evenly spread, the streams one after the other, whatever came back. Times are
/// ticks of <see cref="Stopwatch"/>.
/// </summary>
/// <param name="start">Of the first request of the first stream.</param>
/// <param name="requestsPerSecond">Of all streams together.</param>
/// <param name="streams">How many streams.</param>
internal sealed class RequestSchedule(long start, double requestsPerSecond, int streams)
{
    private readonly double _interval = Stopwatch.Frequency / requestsPerSecond;

    /// <param name="stream">From 0.</param>
    /// <param name="number">Of the stream's request, from 0.</param>
    public long IntendedAt(int stream, long number) => start + (long)(((number * streams) + stream) * _interval);

    /// <summary>How many requests of all streams are to be sent by now.</summary>
    public long DueBy(long now) => now < start ? 0 : (long)((now - start) / _interval) + 1;

    /// <summary>How many of them are this stream's.</summary>
    public long DueOf(int stream, long due) => (due - stream + streams - 1) / streams;
}
