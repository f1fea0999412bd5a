using System.Net;

namespace IgsNetty.Endpoints.Trust;

/// <summary>
/// Failed logins of each address: after ten in a minute it is not heard for ten seconds, and again after every further one.
/// Remembers the addresses that failed last, a bounded number of them. Thread-safe.
/// </summary>
/// <param name="clock">Milliseconds; null: the system's.</param>
internal sealed class LoginThrottle(Func<long>? clock = null)
{
    /// <summary>How long after the question the answer to a failed login comes, at the earliest.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Failures in <see cref="Window"/> after which an address is not heard.</summary>
    public const int MostFailures = 10;

    /// <summary>How long it is not heard, in milliseconds.</summary>
    public const long Pause = 10_000;

    /// <summary>How long failures are remembered, in milliseconds.</summary>
    public const long Window = 60_000;

    private const int Generation = 4096;

    private readonly Func<long> _clock = clock ?? (static () => Environment.TickCount64);
    private readonly Lock _lock = new();
    private Dictionary<IPAddress, Record> _current = [];
    private Dictionary<IPAddress, Record> _previous = [];

    /// <summary>Is it not to be heard now?</summary>
    /// <param name="address">Of <see cref="ClientKey.Of"/>.</param>
    public bool IsBlocked(IPAddress address)
    {
        lock (_lock)
        {
            return Find(address) is { } record && record.BlockedUntil > _clock();
        }
    }

    /// <summary>One of its logins was wrong.</summary>
    public void OnFailure(IPAddress address)
    {
        lock (_lock)
        {
            long now = _clock();
            Record record = Find(address) ?? Add(address, now);
            if (now - record.Since > Window)
            {
                record.Since = now;
                record.Failures = 0;
            }

            if (++record.Failures >= MostFailures)
            {
                record.BlockedUntil = now + Pause;
            }
        }
    }

    private Record? Find(IPAddress address) =>
        _current.GetValueOrDefault(address) ?? _previous.GetValueOrDefault(address);

    private Record Add(IPAddress address, long now)
    {
        if (_current.Count >= Generation)
        {
            _previous = _current;
            _current = [];
        }

        Record record = new() { Since = now };
        _current.Add(address, record);
        return record;
    }

    private sealed class Record
    {
        public long Since { get; set; }

        public int Failures { get; set; }

        public long BlockedUntil { get; set; }
    }
}
