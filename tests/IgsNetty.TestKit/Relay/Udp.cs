using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IgsNetty.TestKit.Relay;

/// <summary>What UDP flows share in a test.</summary>
public static class Udp
{
    /// <summary>With room for a thousand flows, and every target allowed to local callers.</summary>
    public static DatagramContext Context(ITransport transport, ILogger? log = null, AccessPolicy? access = null) => new()
    {
        Transport = transport,
        Access = access ?? new AccessPolicy([], onlyLoopbackListeners: true),
        Flows = new FlowLimit(1000, 1000),
        ReplyPorts = new FlowLimit(1000, 1000),
        ResolveLimit = TimeSpan.FromSeconds(10),
        Logger = log ?? NullLogger.Instance,
    };
}
