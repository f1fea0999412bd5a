namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// The least round trip of a link over the last minute or two: the path without the queues on it. Fed by Ping and Pong. Pure.
/// </summary>
internal sealed class RoundTrip
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // Of the period under way and of the one before, so that one sample of a busy moment never stands alone. Zero: none.
    private TimeSpan _present;
    private TimeSpan _former;
    private TimeSpan _began;

    /// <summary>Zero until the first sample.</summary>
    public TimeSpan Least { get; private set; }

    /// <summary>When the last sample came.</summary>
    public TimeSpan LastSample { get; private set; }

    public void Add(TimeSpan sample, TimeSpan now)
    {
        LastSample = now;
        if (now - _began >= Period)
        {
            _former = _present;
            _present = TimeSpan.Zero;
            _began = now;
        }

        TimeSpan known = sample > TimeSpan.Zero ? sample : TimeSpan.FromTicks(1);
        _present = Lesser(_present, known);
        Least = Lesser(_former, _present);
    }

    private static TimeSpan Lesser(TimeSpan one, TimeSpan other) => one == TimeSpan.Zero || other < one ? other : one;
}
