using System.Net;
using IgsNetty.Endpoints.LinkDialer;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Links</c>.</summary>
internal static class LinksSection
{
    private const int MostConnections = 64;

    public static LinksSettings Read(SectionReader section, string ownName, string baseFolder)
    {
        List<(string Key, IPEndPoint Address)> listen = [];
        List<(string Key, bool IsLoopback)> reach = [];
        IReadOnlyList<string> listenEntries = section.Entries("Listen");
        foreach (string entry in listenEntries)
        {
            if (section.RequiredListen(entry) is { } address)
            {
                listen.Add((section.FullKey(entry), address));
                reach.Add((entry, IPAddress.IsLoopback(address.Address)));
            }
        }

        HashSet<string> peers = [];
        List<LinkDialOptions> dial = [];
        IReadOnlyList<(string Entry, SectionReader Reader)> dialEntries = section.Sections("Dial");
        foreach ((string entry, SectionReader reader) in dialEntries)
        {
            if (ReadDial(reader, ownName, peers) is { } options)
            {
                ReportDouble(reader, options, dial);
                dial.Add(options);
                reach.Add(($"{entry}:Address", IsLoopback(options.Address)));
            }
        }

        SecuritySection security = new(section.Section("Security"), ownName, listenEntries.Count > 0, dialEntries.Count > 0, baseFolder);
        LinkSecurity settled = security.Read(out bool isNone);
        if (isNone)
        {
            ReportBeyondLoopback(section, reach);
        }

        LinksSettings settings = new(
            listen, dial, settled, security.Files, ReadKeepAlive(section.Section("KeepAlive")), ReadReconnect(section.Section("Reconnect")),
            new PeerNames(ownName, peers, listenEntries.Count > 0));
        section.Complete();
        return settings;
    }

    private static LinkDialOptions? ReadDial(SectionReader entry, string ownName, HashSet<string> peers)
    {
        string? peer = entry.Required("Peer", "set it to the name of the other gateway (its Gateway:Name)");
        bool valid = false;
        if (peer is not null)
        {
            valid = GatewayName.IsValid(peer, out string error);
            if (valid && string.Equals(peer, ownName, StringComparison.OrdinalIgnoreCase))
            {
                valid = false;
                error = $"{Quoted.Text(peer)} is the name of this gateway itself (Gateway:Name); the two must differ";
            }

            if (!valid)
            {
                entry.Error("Peer", error);
            }

            peers.Add(peer);
        }

        TargetAddress? address = entry.RequiredTarget("Address");
        int connections = entry.WholeNumber("Connections", 0, 0, MostConnections);
        entry.Complete();
        return valid && address is not null ? new LinkDialOptions(peer!, address, connections) : null;
    }

    private static void ReportDouble(SectionReader reader, LinkDialOptions options, List<LinkDialOptions> earlier)
    {
        if (earlier.Exists(e => e.Peer == options.Peer && e.Address == options.Address))
        {
            reader.Error(
                "Address",
                $"{options.Address} is dialled twice for peer '{options.Peer}'; keep one entry, and set its Connections for more links");
        }
    }

    private static void ReportBeyondLoopback(SectionReader section, List<(string Key, bool IsLoopback)> reach)
    {
        foreach ((string key, _) in reach.Where(r => !r.IsLoopback))
        {
            section.Error(
                key,
                "is not a loopback address, and Links:Security:Mode is none, which is for loopback only; "
                + "set the mode to tls, or use 127.0.0.1");
        }

        if (reach.Count > 0 && reach.TrueForAll(r => r.IsLoopback))
        {
            section.Warning("Security:Mode is none", "peers' names are taken on trust, so any program on this machine can pose as a peer");
        }
    }

    private static bool IsLoopback(TargetAddress target) =>
        target.Address is not null ? IPAddress.IsLoopback(target.Address) : target.Host == "localhost";

    private static KeepAliveOptions ReadKeepAlive(SectionReader section)
    {
        KeepAliveOptions standard = new();
        KeepAliveOptions options = new()
        {
            IdleSeconds = section.WholeNumber("IdleSeconds", standard.IdleSeconds, 1, 86_400),
            IntervalSeconds = section.WholeNumber("IntervalSeconds", standard.IntervalSeconds, 1, 3_600),
            Count = section.WholeNumber("Count", standard.Count, 0, 100),
        };
        section.Complete();
        return options;
    }

    private static ReconnectOptions ReadReconnect(SectionReader section)
    {
        ReconnectOptions standard = new();
        double initial = section.Number("InitialSeconds", standard.InitialSeconds, 0.01, 3_600);
        double maximum = section.Number("MaximumSeconds", standard.MaximumSeconds, 0.01, 86_400);
        if (maximum < initial)
        {
            section.Error(
                "MaximumSeconds", FormattableString.Invariant($"is {maximum}, less than InitialSeconds; set it to at least {initial}"));
        }

        section.Complete();
        return new ReconnectOptions { InitialSeconds = initial, MaximumSeconds = maximum };
    }
}
