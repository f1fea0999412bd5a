using System.Net;
using IgsNetty.Endpoints.Forwards;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Forwards</c>.</summary>
internal static class ForwardsSection
{
    /// <returns>The forwards, each with the key of its listen address.</returns>
    public static IReadOnlyList<(string Key, ForwardOptions Options)> Read(SectionReader root, PeerNames peers)
    {
        List<(string Key, ForwardOptions Options)> forwards = [];
        Dictionary<string, string> keyOfName = new(StringComparer.OrdinalIgnoreCase);
        foreach ((_, SectionReader entry) in root.Sections("Forwards"))
        {
            string? name = ReadName(entry, keyOfName);
            TransportProtocol? protocol = ReadProtocol(entry);
            DatagramOptions udp = ReadUdp(entry, protocol);
            IPEndPoint? listen = entry.RequiredListen("Listen");
            TargetAddress? target = entry.RequiredTarget("Target");
            string? via = ReadVia(entry, entry.Text("Via"), peers);
            entry.Complete();
            if (name is not null && protocol is { } known && listen is not null && target is not null)
            {
                forwards.Add((entry.FullKey("Listen"), new ForwardOptions(name, known, listen, target, via, udp)));
            }
        }

        return forwards;
    }

    /// <summary>A <c>Via</c>, checked; null when it is missing or (reported) wrong.</summary>
    public static string? ReadVia(SectionReader entry, string? written, PeerNames peers)
    {
        if (written is null)
        {
            return null;
        }

        if (peers.TryVia(written, out string via, out string error))
        {
            return via;
        }

        entry.Error("Via", error);
        return null;
    }

    private static string? ReadName(SectionReader entry, Dictionary<string, string> keyOfName)
    {
        if (entry.Required("Name", "set it to a name for logs, such as web") is not { } name)
        {
            return null;
        }

        if (!GatewayName.IsWord(name, out string error))
        {
            entry.Error("Name", error);
            return null;
        }

        if (!keyOfName.TryAdd(name, entry.FullKey("Name")))
        {
            entry.Error(
                "Name",
                $"{Quoted.Text(name)} is also the name at {keyOfName[name]}; give each forward its own (case does not tell them apart)");
        }

        return name;
    }

    /// <summary>TCP when it is missing; null when it is (reported) wrong, so that nothing is said that hangs on it.</summary>
    private static TransportProtocol? ReadProtocol(SectionReader entry) => entry.Choice<TransportProtocol?>(
        "Protocol",
        entry.Has("Protocol") ? null : TransportProtocol.Tcp,
        ("tcp", TransportProtocol.Tcp),
        ("udp", TransportProtocol.Udp));

    private static DatagramOptions ReadUdp(SectionReader entry, TransportProtocol? protocol)
    {
        if (protocol != TransportProtocol.Tcp)
        {
            return entry.Datagrams();
        }

        foreach (string key in DatagramReading.Keys)
        {
            entry.Refuse(key, "is for Protocol udp only; remove it, or set Protocol to udp");
        }

        return new DatagramOptions();
    }
}
