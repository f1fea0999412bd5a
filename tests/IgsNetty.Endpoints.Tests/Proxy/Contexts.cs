using DotNetty.Transport.Channels;
using IgsNetty.Relay;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Endpoints.Tests.Proxy;

internal static class Contexts
{
    /// <summary>Of a gateway on one loop that opens everything from here.</summary>
    public static EndpointContext Direct(IEventLoop loop, ITargetConnector connector, ILogger logger)
    {
        RelayLimits limits = new();
        LinkContext links = new()
        {
            Name = "site-a",
            Security = LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = limits,
            Memory = new MemoryBudget(1 << 20),
            Registry = new LinkRegistry(1000),
            Connector = connector,
            Logger = logger,
        };
        return new EndpointContext
        {
            Transport = new FakeTransport(),
            Loops = [new RelayLoop(loop, TimeSpan.FromHours(1))],
            Links = links,
            Routes = new RouteTable([]),
            Connector = connector,
            Limits = limits,
            Logger = logger,
        };
    }
}
