using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Allow</c>.</summary>
internal static class AllowSection
{
    private const string Forms = "'*', 'local', 'user:NAME' or a peer's name";

    public static IReadOnlyList<AccessRule> Read(SectionReader root, PeerNames peers, IReadOnlyCollection<string> users)
    {
        List<AccessRule> rules = [];
        foreach ((_, SectionReader entry) in root.Sections("Allow"))
        {
            string? from = entry.Required("From", $"set it to {Forms}");
            from = from is null ? null : CheckFrom(entry, from, peers, users);
            TransportProtocol protocol = entry.Choice(
                "Protocol",
                TransportProtocol.Any,
                ("tcp", TransportProtocol.Tcp),
                ("udp", TransportProtocol.Udp),
                ("any", TransportProtocol.Any));
            DestinationPattern? destination = entry.RequiredDestination("Destination");
            PortSet? ports = entry.Ports("Ports");
            entry.Complete();
            if (from is not null && destination is not null && ports is not null)
            {
                rules.Add(new AccessRule(from, protocol, destination, ports));
            }
        }

        return rules;
    }

    private static string? CheckFrom(SectionReader entry, string from, PeerNames peers, IReadOnlyCollection<string> users)
    {
        if (from == GatewayName.Everybody || string.Equals(from, AccessPolicy.Local, StringComparison.OrdinalIgnoreCase))
        {
            return from.ToLowerInvariant();
        }

        if (from.StartsWith(AccessPolicy.UserPrefix, StringComparison.OrdinalIgnoreCase))
        {
            string user = from[AccessPolicy.UserPrefix.Length..];
            if (users.Contains(user))
            {
                return AccessPolicy.UserPrefix + user;
            }

            string? near = Spelling.Nearest(user, users);
            string right = near is null
                ? "add the user there, or name one of its users"
                : $"did you mean '{AccessPolicy.UserPrefix}{near}'?";
            entry.Error("From", $"Proxy:Users has no {Quoted.Text(user)}; {right}");
            return null;
        }

        if (!GatewayName.IsValid(from, out _))
        {
            entry.Error("From", $"must be {Forms}, not {Quoted.Text(from)}");
            return null;
        }

        // Not an error: rules may be written before the peer is.
        if (from == peers.Own)
        {
            entry.Warning("From", $"'{from}' is this gateway itself, so the rule fits nobody; callers of its own endpoints are 'local'");
        }
        else if (!peers.CanReach(from))
        {
            entry.Warning("From", $"'{from}' is not in Links:Dial and cannot dial in, so the rule fits nobody");
        }

        return from;
    }
}
