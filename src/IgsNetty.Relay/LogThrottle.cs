namespace IgsNetty.Relay;

/// <summary>Lets through the first of a kind of log message, and then so many every ten seconds: for what others can cause at will. Thread-safe.</summary>
/// <param name="clock">Milliseconds.</param>
/// <param name="most">In ten seconds.</param>
internal sealed class LogThrottle(Func<long> clock, int most = 1)
{
    private const long Period = 10_000;

    private readonly Lock _lock = new();
    private long _end = long.MinValue;
    private int _passed;
    private int _suppressed;

    /// <param name="suppressed">How many were held back since the last one.</param>
    public bool TryPass(out int suppressed)
    {
        lock (_lock)
        {
            suppressed = _suppressed;
            long now = clock();
            if (now >= _end)
            {
                (_end, _passed) = (now + Period, 0);
            }

            if (_passed >= most)
            {
                _suppressed++;
                return false;
            }

            _passed++;
            _suppressed = 0;
            return true;
        }
    }
}
