namespace IgsNetty.Relay.Security;

/// <summary>What was found about the certificate of a peer.</summary>
/// <param name="Names">What the peer may be called; empty when it is refused.</param>
/// <param name="Fault">Why it is refused, for both ends' operators; null when it is not.</param>
public sealed record PeerVerdict(IReadOnlyList<string> Names, string? Fault)
{
    internal static PeerVerdict Accept(IReadOnlyList<string> names) => new(names, null);

    internal static PeerVerdict Refuse(string fault) => new([], fault);
}
