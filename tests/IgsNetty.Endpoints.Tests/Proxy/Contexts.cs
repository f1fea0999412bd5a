using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Endpoints.Tests.Proxy;

internal static class Contexts
{
    /// <summary>Of a gateway on one loop that opens everything from here.</summary>
    public static EndpointContext Direct(
        ManualEventLoop loop, ITargetConnector connector, ILogger logger, FakeTransport? transport = null, RouteTable? routes = null, AccessPolicy? access = null)
    {
        RelayLimits limits = new();
        transport ??= new FakeTransport();
        DatagramContext datagrams = Udp.Context(transport, logger, access);
        LinkContext links = new()
        {
            Name = "site-a",
            Security = LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = limits,
            Memory = new MemoryBudget(1 << 20),
            Registry = new LinkRegistry(1000),
            Connector = connector,
            Datagrams = datagrams,
            Logger = logger,
        };
        return new EndpointContext
        {
            Transport = transport,
            Loops = [Udp.Loop(loop, datagrams)],
            Links = links,
            Routes = routes ?? new RouteTable([]),
            Connector = connector,
            Names = datagrams.Resolver,
            Limits = limits,
            LinkHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            ProxyHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            Logger = logger,
        };
    }
}
