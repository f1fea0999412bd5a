using DotNetty.Transport.Channels;
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

    public required RelayLimits Limits { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The relay's side of an event loop. A walk over a handful of loops, once a connection.</summary>
    public RelayLoop LoopOf(IEventLoop loop) => Loops.First(candidate => candidate.Loop == loop);
}
