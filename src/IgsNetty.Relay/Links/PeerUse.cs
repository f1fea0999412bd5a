using IgsNetty.Relay.FlowControl;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Relay.Links;

/// <summary>What one peer uses of this gateway, over all its links. Thread-safe.</summary>
/// <param name="opensPerSecond">See <see cref="RelayLimits.OpensPerSecondPerPeer"/>.</param>
internal sealed class PeerUse(int opensPerSecond)
{
    /// <summary>What 128 links (the default of <see cref="RelayLimits.LinksPerPeer"/>) say when all come and go at once.</summary>
    private const int MostLogLines = 3 * 128;

    private readonly LogThrottle _log = new(static () => Environment.TickCount64, MostLogLines);
    private int _links;

    /// <summary>The streams it opens.</summary>
    public OpenRate Opens { get; } = new(opensPerSecond);

    /// <summary>It has no link now.</summary>
    public bool IsIdle => Volatile.Read(ref _links) == 0;

    /// <summary>Is a message about one of its links to be logged? Who dials again and again fills no disk; what is left out is told.</summary>
    public bool IsLogged(ILogger logger, string peer)
    {
        bool isLogged = _log.TryPass(out int leftOut);
        if (isLogged && leftOut > 0)
        {
            RelayLog.Untold(logger, peer, leftOut);
        }

        return isLogged;
    }

    /// <summary>Counts a link.</summary>
    /// <returns>How many it has now, this one too.</returns>
    public int AddLink() => Interlocked.Increment(ref _links);

    /// <summary>The link has closed.</summary>
    public void RemoveLink() => Interlocked.Decrement(ref _links);
}
