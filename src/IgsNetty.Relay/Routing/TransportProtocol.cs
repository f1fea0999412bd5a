namespace IgsNetty.Relay.Routing;

/// <summary>What an access rule or a forward speaks of.</summary>
public enum TransportProtocol
{
    /// <summary>Both, in an access rule that names no protocol.</summary>
    Any,
    Tcp,
    Udp,
}
