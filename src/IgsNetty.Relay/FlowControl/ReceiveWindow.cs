using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// Credit given to the peer on one stream, and how much of it to give. Credit goes back when the local write completes;
/// an announcement is made when a quarter of the window has gathered. The window grows while what is consumed per round
/// trip asks for more than a fixed part of it, so the test scales with the window (go-yamux#136 shows what happens otherwise).
/// A value: it returns numbers, its owner sends the frames.
/// </summary>
/// <param name="initial">Bytes the peer may send at first.</param>
internal struct ReceiveWindow(int initial)
{
    /// <summary>
    /// Round trips' worth of bytes that a window on a long path has. TCP below it sends up to 2.9 of them while it looks for its
    /// rate (BBR's start), and must not run into the window meanwhile: it would take the rate it had for all there is, or never
    /// stop looking, and lose what it sends too fast.
    /// </summary>
    private const int LongPathLead = 4;

    private int _credit = initial;
    private int _unannounced;
    private long _epochBytes;
    private long _epochStart;

    /// <summary>Bytes the peer may have under way.</summary>
    public int Capacity { get; private set; } = initial;

    /// <returns>False when the peer sent more than it was given: a breach.</returns>
    public bool TryReceive(int bytes)
    {
        _credit -= bytes;
        return _credit >= 0;
    }

    /// <summary>Raises the window.</summary>
    /// <returns>The credit to announce.</returns>
    public int GrowTo(int capacity)
    {
        int more = Math.Max(0, capacity - Capacity);
        Capacity += more;
        _credit += more;
        return more;
    }

    /// <summary>Bytes have been passed on.</summary>
    /// <param name="bytes">How many.</param>
    /// <returns>The credit to announce now, or 0 while it is too little to be worth a frame.</returns>
    public int Consume(int bytes)
    {
        _unannounced += bytes;
        _epochBytes += bytes;
        if (_unannounced < Capacity / 4)
        {
            return 0;
        }

        int grant = _unannounced;
        _credit += grant;
        _unannounced = 0;
        return grant;
    }

    /// <summary>The window that the measured rate asks for; ask when <see cref="Consume"/> announced.</summary>
    /// <param name="now">Time, from any origin.</param>
    /// <param name="roundTrip">Least round trip of the link; zero while not known.</param>
    /// <param name="options">How far it may grow.</param>
    /// <returns>A capacity for <see cref="GrowTo"/>; the present one when there is no reason to grow.</returns>
    public int Wanted(TimeSpan now, TimeSpan roundTrip, PipelineOptions options)
    {
        long elapsed = now.Ticks - _epochStart;
        if (roundTrip <= TimeSpan.Zero || elapsed < roundTrip.Ticks)
        {
            return Capacity;
        }

        double perRoundTrip = (double)_epochBytes * roundTrip.Ticks / elapsed;
        bool first = _epochStart == 0;
        _epochStart = now.Ticks;
        _epochBytes = 0;
        bool isShort = roundTrip < FlowControlDefaults.ShortPath;
        double wanted = perRoundTrip * (isShort ? 2 : LongPathLead);
        int most = isShort ? options.MaxShortPathWindowBytes : options.MaxWindowBytes;
        return first ? Capacity : (int)Math.Max(Capacity, Math.Min(most, wanted));
    }
}
