using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>The sender takes no more streams on this link, or closes it (docs/protocol.md §9).</summary>
/// <param name="LastStreamId">The last stream opened by the receiver that the sender has seen; later ones were not touched.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">A sentence for the log, at most <see cref="MaxTextBytes"/> of UTF-8.</param>
public sealed record GoAway(uint LastStreamId, GoAwayReason Reason, string Text)
{
    public const int MaxTextBytes = 256;
}
