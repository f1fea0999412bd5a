using DotNetty.Transport.Channels;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Endpoints;

/// <summary>What all endpoints of a gateway share. Immutable; its members are thread-safe.</summary>
public sealed record EndpointContext
{
    public required ITransport Transport { get; init; }

    /// <summary>One entry for each of the transport's loops.</summary>
    public required IReadOnlyList<RelayLoop> Loops { get; init; }

    public required LinkContext Links { get; init; }

    public required RouteTable Routes { get; init; }

    public required ITargetConnector Connector { get; init; }

    /// <summary>Resolves the names of peers that are dialled.</summary>
    public required INameResolver Names { get; init; }

    public required RelayLimits Limits { get; init; }

    /// <summary>Peers that have dialled in and are not proven yet.</summary>
    public required HandshakeGate LinkHandshakes { get; init; }

    /// <summary>Callers of the proxy port that have not said yet what they want.</summary>
    public required HandshakeGate ProxyHandshakes { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>For log messages that strangers cause.</summary>
    internal DistinctThrottle Throttle { get; } = new();

    /// <summary>The relay's side of an event loop. A walk over a handful of loops, once a connection.</summary>
    public RelayLoop LoopOf(IEventLoop loop) => Loops.First(candidate => candidate.Loop == loop);
}
