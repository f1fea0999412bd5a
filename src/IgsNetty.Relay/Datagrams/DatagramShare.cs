using IgsNetty.Relay.Diagnostics;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// How much of its time a loop may spend receiving datagrams while TCP streams move on it, or move much on other loops,
/// which want the same processors: a tenth. So a flood costs streams little, and what is not received in time is dropped by
/// the kernel, where dropping is cheapest. With no stream moving there is no limit. Loop only.
/// </summary>
/// <param name="totals">Of the loop.</param>
/// <param name="all">Of all loops.</param>
/// <param name="time">Its clock.</param>
public sealed class DatagramShare(LoopTotals totals, StreamActivity all, TimeProvider time)
{
    /// <summary>Time that a unit of time for datagrams has to wait for.</summary>
    private const int PausePerUse = 9;

    /// <summary>Streams that have not moved for so long do not count.</summary>
    private static readonly TimeSpan StreamsAreStill = TimeSpan.FromMilliseconds(5);

    /// <summary>Less is not worth a pause: timers are no finer.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(1);

    /// <summary>What streams of other loops must move in a millisecond to count (25 MB/s).</summary>
    private const long BulkBytesPerMillisecond = 25_000;

    private long _streamBytes;
    private long _allBytes;
    private TimeSpan _allSince;
    private TimeSpan _movedAt;
    private TimeSpan _freeAt;
    private TimeSpan _begunAt;

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Asked before a batch.</summary>
    /// <returns>How long to wait with it.</returns>
    public TimeSpan Begin()
    {
        TimeSpan now = Now;
        if (totals.StreamBytes != _streamBytes || MovesInBulk(now))
        {
            _streamBytes = totals.StreamBytes;
            _movedAt = now;
        }

        if (_freeAt - now > LeastPause && now - _movedAt < StreamsAreStill)
        {
            return _freeAt - now;
        }

        _begunAt = now;
        return TimeSpan.Zero;
    }

    /// <summary>The batch is over.</summary>
    public void End()
    {
        TimeSpan now = Now;
        TimeSpan from = now - _movedAt < StreamsAreStill && _freeAt > now ? _freeAt : now; // no debt from when there was no limit
        _freeAt = from + ((now - _begunAt) * PausePerUse);
    }

    // Over all loops, since a few milliseconds ago.
    private bool MovesInBulk(TimeSpan now)
    {
        TimeSpan elapsed = now - _allSince;
        if (elapsed < StreamsAreStill)
        {
            return false;
        }

        long bytes = all.Bytes;
        long moved = bytes - _allBytes;
        _allBytes = bytes;
        _allSince = now;
        return moved > BulkBytesPerMillisecond * elapsed.TotalMilliseconds;
    }
}
