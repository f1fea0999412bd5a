using IgsNetty.Relay.FlowControl;

namespace IgsNetty.Relay.Links;

/// <summary>What one peer uses of this gateway, over all its links. Thread-safe.</summary>
/// <param name="opensPerSecond">See <see cref="RelayLimits.OpensPerSecondPerPeer"/>.</param>
internal sealed class PeerUse(int opensPerSecond)
{
    private int _links;

    /// <summary>The streams it opens.</summary>
    public OpenRate Opens { get; } = new(opensPerSecond);

    /// <summary>It has no link now.</summary>
    public bool IsIdle => Volatile.Read(ref _links) == 0;

    /// <summary>Counts a link.</summary>
    /// <returns>How many it has now, this one too.</returns>
    public int AddLink() => Interlocked.Increment(ref _links);

    /// <summary>The link has closed.</summary>
    public void RemoveLink() => Interlocked.Decrement(ref _links);
}
