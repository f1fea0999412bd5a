using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Endpoints.Forwards;

/// <summary>One entry of <c>Forwards</c>: a local port whose every caller is taken to one target.</summary>
/// <param name="Name">Unique; stands in logs and in the ready line.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Listen">Where it listens; port 0 lets the system choose.</param>
/// <param name="Target">Where callers are taken; a host name is resolved at the called side.</param>
/// <param name="Via">A peer's name, <c>direct</c>, or null: the <c>Routes</c> decide.</param>
/// <param name="Udp">For UDP.</param>
public sealed record ForwardOptions(
    string Name,
    TransportProtocol Protocol,
    IPEndPoint Listen,
    TargetAddress Target,
    string? Via,
    DatagramOptions Udp);
