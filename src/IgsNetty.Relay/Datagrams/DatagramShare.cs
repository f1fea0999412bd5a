using System.Diagnostics;
using IgsNetty.Relay.Diagnostics;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// How much of its time a loop may spend receiving datagrams while TCP streams move on it: a tenth. So a flood costs streams
/// little, and what is not received in time is dropped by the kernel, where dropping is cheapest. With no stream moving
/// there is no limit. Loop only.
/// </summary>
/// <param name="totals">Of the loop: they tell whether streams move.</param>
public sealed class DatagramShare(LoopTotals totals)
{
    /// <summary>Time that a unit of time for datagrams has to wait for.</summary>
    private const int PausePerUse = 9;

    /// <summary>Streams that have not moved for so long do not count.</summary>
    private static readonly long StreamsAreStill = Stopwatch.Frequency / 200; // 5 ms

    /// <summary>Less is not worth a pause: timers are no finer.</summary>
    private static readonly long LeastPause = Stopwatch.Frequency / 1000;

    private long _streamBytes;
    private long _movedAt;
    private long _freeAt;
    private long _begunAt;

    /// <summary>Asked before a batch.</summary>
    /// <returns>How long to wait with it.</returns>
    public TimeSpan Begin()
    {
        long now = Stopwatch.GetTimestamp();
        long bytes = totals.BytesToLinks + totals.BytesFromLinks + totals.BytesDirect;
        if (bytes != _streamBytes)
        {
            _streamBytes = bytes;
            _movedAt = now;
        }

        if (_freeAt - now > LeastPause && now - _movedAt < StreamsAreStill)
        {
            return Stopwatch.GetElapsedTime(now, _freeAt);
        }

        _begunAt = now;
        return TimeSpan.Zero;
    }

    /// <summary>The batch is over.</summary>
    public void End()
    {
        long now = Stopwatch.GetTimestamp();
        long from = now - _movedAt < StreamsAreStill ? Math.Max(_freeAt, now) : now; // no debt from when there was no limit
        _freeAt = from + ((now - _begunAt) * PausePerUse);
    }
}
