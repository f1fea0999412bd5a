using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Security;

namespace IgsNetty.Relay.Links;

/// <summary>How the gateways at the two ends of a link know each other.</summary>
public enum LinkSecurityMode
{
    /// <summary>They do not: names are taken on trust, so such links are for loopback only.</summary>
    None,

    /// <summary>Both hold one secret and prove it by HMAC-SHA256 over both Hellos. Payload is not encrypted.</summary>
    SharedKey,

    /// <summary>TLS with a certificate at both ends; a peer's name is what its certificate says.</summary>
    Tls,
}

/// <summary>The <c>Links:Security</c> section, checked.</summary>
/// <param name="Mode">How peers are known.</param>
/// <param name="SharedKey">The secret, at least 16 bytes, in mode <see cref="LinkSecurityMode.SharedKey"/>; else empty.</param>
/// <param name="Tls">In mode <see cref="LinkSecurityMode.Tls"/>; else null.</param>
public sealed record LinkSecurity(LinkSecurityMode Mode, ReadOnlyMemory<byte> SharedKey, LinkTls? Tls = null)
{
    /// <summary>Mode none.</summary>
    public static LinkSecurity None { get; } = new(LinkSecurityMode.None, default);

    /// <summary>As the Hello says it.</summary>
    internal LinkAuthentication Authentication => Mode switch
    {
        LinkSecurityMode.SharedKey => LinkAuthentication.SharedKey,
        LinkSecurityMode.Tls => LinkAuthentication.Certificates,
        _ => LinkAuthentication.None,
    };

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => Mode.ToString();
}
