using DotNetty.Transport.Channels;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Resets that wait for the bytes before them. The system does not say when a peer has acknowledged all, so this looks: soon after a reset
/// has come, and less often later. A reset waits as long as something moves; when nothing has moved for <see cref="Patience"/>, the
/// rest is thrown away. So it is when too many wait: one does not wait then.
/// </summary>
internal sealed class DueResets(IEventLoop loop)
{
    /// <summary>The most that wait on a loop.</summary>
    public const int Most = 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(64);

    private readonly List<Waiting> _waiting = [];
    private TimeSpan _pause;
    private bool _isScheduled;

    /// <summary>How long nothing may move.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Does it as soon as nothing goes before it: at once, mostly.</summary>
    public void Add(IDueReset reset)
    {
        long before = reset.Look();
        if (before == 0 || _waiting.Count >= Most)
        {
            reset.Reset();
            return;
        }

        _waiting.Add(new Waiting(reset) { Before = before });
        _pause = FirstPause;
        Schedule();
    }

    private void Schedule()
    {
        if (!_isScheduled && _waiting.Count > 0)
        {
            _isScheduled = true;
            loop.Schedule(static resets => ((DueResets)resets).LookAgain(), this, _pause);
        }
    }

    private void LookAgain()
    {
        _isScheduled = false;
        TimeSpan passed = _pause;
        _pause = passed * 2 < LongestPause ? passed * 2 : LongestPause;
        Waiting[] due = [.. _waiting.Where(item => item.IsDue(passed))];
        _waiting.RemoveAll(item => item.IsOver);
        foreach (Waiting item in due)
        {
            item.Due.Reset(); // may add others
        }

        Schedule();
    }

    private sealed class Waiting(IDueReset reset)
    {
        private TimeSpan _still;

        public IDueReset Due => reset;

        public long Before { get; set; }

        public bool IsOver { get; private set; }

        public bool IsDue(TimeSpan passed)
        {
            long before = reset.Look();
            _still = before == Before ? _still + passed : TimeSpan.Zero;
            Before = before;
            return IsOver = before == 0 || _still >= Patience;
        }
    }
}
