namespace IgsNetty.Relay.Links;

/// <summary>How the gateways at the two ends of a link know each other.</summary>
public enum LinkSecurityMode
{
    /// <summary>They do not: names are taken on trust, so such links are for loopback only.</summary>
    None,

    /// <summary>Both hold one secret and prove it by HMAC-SHA256 over both Hellos. Payload is not encrypted.</summary>
    SharedKey,
}

/// <summary>The <c>Links:Security</c> section, checked.</summary>
/// <param name="Mode">How peers are known.</param>
/// <param name="SharedKey">The secret, at least 16 bytes, in mode <see cref="LinkSecurityMode.SharedKey"/>; else empty.</param>
public sealed record LinkSecurity(LinkSecurityMode Mode, ReadOnlyMemory<byte> SharedKey)
{
    /// <summary>Mode none.</summary>
    public static LinkSecurity None { get; } = new(LinkSecurityMode.None, default);

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => Mode.ToString();
}
