namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// The least round trip of a link over the last minute: the path without the queues on it. Fed by Ping and Pong. Pure.
/// </summary>
internal sealed class RoundTrip
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);
    private TimeSpan _leastAt;

    /// <summary>Zero until the first sample.</summary>
    public TimeSpan Least { get; private set; }

    /// <summary>When the last sample came.</summary>
    public TimeSpan LastSample { get; private set; }

    public void Add(TimeSpan sample, TimeSpan now)
    {
        LastSample = now;
        if (Least == TimeSpan.Zero || sample <= Least || now - _leastAt > Memory)
        {
            Least = sample > TimeSpan.Zero ? sample : TimeSpan.FromTicks(1);
            _leastAt = now;
        }
    }
}
