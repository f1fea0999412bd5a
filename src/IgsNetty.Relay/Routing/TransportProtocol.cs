namespace IgsNetty.Relay.Routing;

/// <summary>What an access rule, a forward or a listener speaks of.</summary>
public enum TransportProtocol
{
    /// <summary>Both: an access rule that names no protocol, and the proxy port. Never a forward.</summary>
    Any,
    Tcp,
    Udp,
}
