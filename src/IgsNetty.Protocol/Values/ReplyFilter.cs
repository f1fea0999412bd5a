namespace IgsNetty.Protocol.Values;

/// <summary>Whose datagrams a reply port takes for its caller (docs/protocol.md §10; the filtering of RFC 4787 §5).</summary>
public enum ReplyFilter : byte
{
    /// <summary>Any port of an IP address that the caller has sent to (address-dependent).</summary>
    Address = 0,

    /// <summary>Only an address and port that the caller has sent to (address and port-dependent).</summary>
    Exact = 1,

    /// <summary>Everybody's (endpoint-independent).</summary>
    Any = 2,
}
