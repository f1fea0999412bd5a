namespace IgsNetty.Relay.Links;

/// <summary>
/// What a peer's control frames cost this gateway, against an allowance that grows with time: far more than any honest peer
/// needs (a busy link has a tenth of it), far less than a flood. Looks at the clock only when the allowance seems used up.
/// Loop only.
/// </summary>
/// <param name="milliseconds">The clock, of any origin.</param>
internal sealed class ControlBudget(Func<long> milliseconds)
{
    /// <summary>Points for each millisecond; a plain frame costs one.</summary>
    public const int PointsPerMillisecond = 1000;

    /// <summary>The most that is saved up: one second's worth.</summary>
    public const int MostPoints = 1000 * PointsPerMillisecond;

    /// <summary>An open that is refused: many callers may want the same target that does not answer.</summary>
    public const int RefusalPoints = 20;

    /// <summary>A Ping: a gateway sends one in a second or less often, and each wants an answer.</summary>
    public const int PingPoints = 500;

    /// <summary>A GoAway, after which all streams are looked at.</summary>
    public const int GoAwayPoints = 20_000;

    private long _left = MostPoints;
    private long _filledAt = milliseconds();

    /// <returns>False when the peer has used up what it may.</returns>
    public bool TrySpend(int points)
    {
        _left -= points;
        return _left >= 0 || Refill();
    }

    private bool Refill()
    {
        long now = milliseconds();
        _left = Math.Min(MostPoints, _left + ((now - _filledAt) * PointsPerMillisecond));
        _filledAt = now;
        return _left >= 0;
    }
}
