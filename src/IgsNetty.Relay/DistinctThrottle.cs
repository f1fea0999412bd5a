namespace IgsNetty.Relay;

/// <summary>
/// For log messages that others cause at will and that differ in who and what: lets each through once in ten seconds, and
/// sixteen different ones in all. Thread-safe.
/// </summary>
/// <param name="clock">Milliseconds; null: the system's.</param>
public sealed class DistinctThrottle(Func<long>? clock = null)
{
    /// <summary>Different messages in one period. What is beyond is in the metrics only.</summary>
    public const int MostDistinct = 16;

    private const long Period = 10_000;

    private readonly Func<long> _clock = clock ?? (static () => Environment.TickCount64);
    private readonly Lock _lock = new();
    private Dictionary<object, int> _now = []; // what has passed, and how many like it were held back
    private Dictionary<object, int> _before = [];
    private long _end = long.MinValue;

    /// <param name="message">What makes it differ from others: a value with equality, a tuple say.</param>
    /// <param name="suppressed">How many like it were held back since it last passed, if that was in this period or the one before.</param>
    public bool TryPass(object message, out int suppressed)
    {
        lock (_lock)
        {
            long now = _clock();
            if (now >= _end)
            {
                (_now, _before) = (_before, _now);
                _now.Clear();
                _end = now + Period;
            }

            suppressed = 0;
            if (_now.TryGetValue(message, out int more))
            {
                _now[message] = more + 1;
                return false;
            }

            if (_now.Count >= MostDistinct)
            {
                return false;
            }

            _before.TryGetValue(message, out suppressed);
            _now.Add(message, 0);
            return true;
        }
    }
}
