using System.Diagnostics;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Whether a loop with nothing to do looks again for a moment before it sleeps. To be woken costs tens of microseconds where
/// the processor sleeps too, above all in a virtual machine; who waits for an answer of the other side would pay it at each
/// step. It is done only as long as it pays, and for nobody's processor: between two looks others may run, and when one has,
/// it is over.
/// </summary>
/// <param name="limit">The longest it looks before it sleeps; zero: not at all.</param>
internal sealed class BusyPoll(TimeSpan limit)
{
    /// <summary>Vain attempts in a row that it is worth: one pause of the other side does not end it.</summary>
    private const int MostCredit = 16;

    /// <summary>Sleeps without a look after a vain one, once the credit is used up.</summary>
    private const int Skipped = 63;

    private static readonly long LongestYield = Stopwatch.Frequency * 20 / 1_000_000;

    private readonly long _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
    private long _until;
    private long _lookedAt;
    private int _credit = MostCredit;
    private int _skips;

    /// <summary>The loop is about to sleep: may it look first?</summary>
    public bool MayBegin()
    {
        if (_limit == 0 || (_credit == 0 && _skips-- > 0))
        {
            return false;
        }

        _lookedAt = Stopwatch.GetTimestamp();
        _until = _lookedAt + _limit;
        return true;
    }

    /// <summary>It has found nothing: may it look again? Lets others run.</summary>
    public bool GoesOn()
    {
        Thread.Yield();
        long now = Stopwatch.GetTimestamp();
        bool goesOn = now < _until && now - _lookedAt < LongestYield;
        _lookedAt = now;
        if (!goesOn)
        {
            _credit = Math.Max(_credit - 1, 0);
            _skips = Skipped;
        }

        return goesOn;
    }

    /// <summary>It has found something.</summary>
    public void Paid() => _credit = MostCredit;
}
