namespace IgsNetty.Relay.Links;

/// <summary>
/// The <c>Links:KeepAlive</c> section: a link that has brought nothing for <see cref="IdleSeconds"/> is checked; with no
/// answer within <see cref="IntervalSeconds"/>, <see cref="Count"/> more checks follow at that interval; then it is cut.
/// So a dead peer is noticed after at most <c>IdleSeconds + IntervalSeconds × (Count + 1)</c>.
/// </summary>
public sealed record KeepAliveOptions
{
    /// <summary>Seconds without a byte before the first check (1 to 86,400).</summary>
    public int IdleSeconds { get; init; } = 30;

    /// <summary>Seconds between checks (1 to 3,600).</summary>
    public int IntervalSeconds { get; init; } = 5;

    /// <summary>Further checks after the first (0 to 100).</summary>
    public int Count { get; init; } = 3;
}
