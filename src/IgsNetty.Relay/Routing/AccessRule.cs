namespace IgsNetty.Relay.Routing;

/// <summary>One entry of <c>Allow</c>: who may open what from this gateway.</summary>
/// <param name="From">A peer's name, <c>local</c> (callers of this gateway's own endpoints), <c>user:NAME</c>, or <c>*</c>.</param>
/// <param name="Protocol">TCP, UDP, or both.</param>
/// <param name="Destination">Which hosts or addresses.</param>
/// <param name="Ports">Which ports.</param>
public sealed record AccessRule(string From, TransportProtocol Protocol, DestinationPattern Destination, PortSet Ports);
