namespace IgsNetty.Relay;

/// <summary>Lets through the first of a kind of log message, and then one every ten seconds: for what a caller can cause at will. One thread.</summary>
/// <param name="clock">Milliseconds.</param>
internal sealed class LogThrottle(Func<long> clock)
{
    private const long Pause = 10_000;

    private long _next = long.MinValue;
    private int _suppressed;

    /// <param name="suppressed">How many were held back since the last one.</param>
    public bool TryPass(out int suppressed)
    {
        suppressed = _suppressed;
        long now = clock();
        if (now < _next)
        {
            _suppressed++;
            return false;
        }

        _next = now + Pause;
        _suppressed = 0;
        return true;
    }
}
