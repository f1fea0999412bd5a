using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Relay.Datagrams;

/// <summary>What all UDP flows of a gateway share. Immutable; its members are thread-safe.</summary>
public sealed record DatagramContext
{
    /// <summary>Where reply ports are bound.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>Asked for every target of every flow that is sent to from here.</summary>
    public required AccessPolicy Access { get; init; }

    /// <summary>For the flows of callers of this gateway: so many in all, and for a client's address (its port is 0).</summary>
    public required FlowLimit<UdpAddress> Flows { get; init; }

    /// <summary>For the reply ports at this gateway: so many in all, whoever calls, and for one peer.</summary>
    public required FlowLimit<string> ReplyPorts { get; init; }

    /// <summary>Tells how busy the gateway is with TCP.</summary>
    public StreamActivity Streams { get; init; } = new();

    /// <summary>The most that resolving a name may take.</summary>
    public required TimeSpan ResolveLimit { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>What resolves names.</summary>
    public required INameResolver Resolver { get; init; }
}
