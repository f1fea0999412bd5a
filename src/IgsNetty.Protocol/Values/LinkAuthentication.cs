namespace IgsNetty.Protocol.Values;

/// <summary>How the two ends of a link prove who they are, inside the protocol (docs/protocol.md §5).</summary>
public enum LinkAuthentication : byte
{
    /// <summary>By nothing (loopback).</summary>
    None = 0,

    /// <summary>By HMAC-SHA256 over both Hellos under a shared key.</summary>
    SharedKey = 1,

    /// <summary>By the certificates of the TLS connection that the protocol runs on.</summary>
    Certificates = 2,
}
