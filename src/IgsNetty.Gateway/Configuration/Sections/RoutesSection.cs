using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Routes</c>.</summary>
internal static class RoutesSection
{
    public static IReadOnlyList<RouteRule> Read(SectionReader root, PeerNames peers)
    {
        List<RouteRule> routes = [];
        foreach ((_, SectionReader entry) in root.Sections("Routes"))
        {
            DestinationPattern? destination = entry.RequiredDestination("Destination");
            PortSet? ports = entry.Ports("Ports");
            string? via = ForwardsSection.ReadVia(entry, entry.Required("Via", "set it to a peer's name, or to direct"), peers);
            entry.Complete();
            if (destination is not null && ports is not null && via is not null)
            {
                routes.Add(new RouteRule(destination, ports, via));
            }
        }

        return routes;
    }
}
