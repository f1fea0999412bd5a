namespace IgsNetty.Protocol.Values;

/// <summary>What a gateway can do beyond the base protocol. Both ends use what both announce; unknown bits are ignored.</summary>
[Flags]
public enum Capabilities : uint
{
    None = 0,

    /// <summary>UDP streams: OpenStream with protocol udp, and Datagram frames.</summary>
    Datagrams = 1,
}
