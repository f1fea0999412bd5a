namespace IgsNetty.Endpoints.LinkDialer;

/// <summary>
/// The <c>Links:Reconnect</c> section: the n-th wait in a row is drawn evenly from 0 to
/// <c>min(MaximumSeconds, InitialSeconds × 2^n)</c> (full jitter), so gateways do not all dial in the same second.
/// </summary>
public sealed record ReconnectOptions
{
    /// <summary>Ceiling of the first wait, in seconds (0.01 to 3,600).</summary>
    public double InitialSeconds { get; init; } = 0.5;

    /// <summary>Ceiling of every wait, in seconds (InitialSeconds to 86,400).</summary>
    public double MaximumSeconds { get; init; } = 30;
}
