namespace IgsNetty.Relay.Routing;

/// <summary>One entry of <c>Routes</c>: destinations that are reached by way of a peer, or opened here. First match wins.</summary>
/// <param name="Destination">Which hosts or addresses.</param>
/// <param name="Ports">Which ports.</param>
/// <param name="Via">A peer's name, or <see cref="Direct"/>.</param>
public sealed record RouteRule(DestinationPattern Destination, PortSet Ports, string Via)
{
    /// <summary>The <c>Via</c> that opens the target from this gateway (single server mode).</summary>
    public const string Direct = "direct";
}
