namespace IgsNetty.Relay;

/// <summary>
/// For log messages that others cause at will and that differ in who and what: lets each through once in ten seconds, and
/// sixteen different ones in all. Thread-safe.
/// </summary>
/// <param name="clock">Milliseconds; null: the system's.</param>
public sealed class DistinctThrottle(Func<long>? clock = null)
{
    /// <summary>Different messages in one period.</summary>
    public const int MostDistinct = 16;

    private const long Period = 10_000;

    private readonly Func<long> _clock = clock ?? (static () => Environment.TickCount64);
    private readonly Lock _lock = new();
    private readonly HashSet<object> _passed = [];
    private long _end = long.MinValue;
    private int _suppressed;

    /// <param name="message">What makes it differ from others: a value with equality, a tuple say.</param>
    /// <param name="suppressed">How many were held back since the last one.</param>
    public bool TryPass(object message, out int suppressed)
    {
        lock (_lock)
        {
            long now = _clock();
            if (now >= _end)
            {
                _passed.Clear();
                _end = now + Period;
            }

            suppressed = _suppressed;
            if (_passed.Count >= MostDistinct || !_passed.Add(message))
            {
                _suppressed++;
                return false;
            }

            _suppressed = 0;
            return true;
        }
    }
}
