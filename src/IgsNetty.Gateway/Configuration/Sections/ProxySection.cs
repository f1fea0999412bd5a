using System.Net;
using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Datagrams;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Proxy</c>. No message holds a password.</summary>
internal static class ProxySection
{
    /// <summary>The length is one byte in RFC 1929.</summary>
    private const int MostBytes = 255;

    private const string UdpPorts = "UdpPorts";

    /// <param name="section">The section.</param>
    /// <param name="isWritten">Whether any source has a <c>Proxy</c> section: writing one opens the port unless it says otherwise.</param>
    public static ProxySettings Read(SectionReader section, bool isWritten)
    {
        ProxyOptions standard = new();
        bool enabled = section.Flag("Enabled") ?? isWritten;
        IPEndPoint? listen = section.Listen("Listen");
        bool listenIsKnown = listen is not null || !section.Has("Listen");
        DatagramOptions udp = section.Datagrams();
        (UdpPortRange? ports, bool isShared) = ReadUdpPorts(section);

        IReadOnlyList<string> names = section.Names("Users");
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (ReadPassword(section, name) is { } password)
            {
                users[name] = password;
            }
        }

        string[] plain = [.. users.Where(user => !user.Value.StartsWith(PasswordHash.Prefix, StringComparison.Ordinal)).Select(user => user.Key)];
        if (plain.Length > 0)
        {
            section.Warning(
                "Users",
                $"{plain.Length} of the passwords can be read by everybody who can read the configuration; "
                + "put in their place what 'igsnetty hash-password' makes of them");
        }

        ProxyOptions options = new()
        {
            Clients = ReadClients(section),
            Enabled = enabled,
            Listen = listen ?? standard.Listen,
            SharesUdpPort = isShared,
            Udp = udp,
            UdpPorts = ports,
            Users = users,
        };
        if (enabled && listenIsKnown && names.Count == 0 && !IPAddress.IsLoopback(options.Listen.Address))
        {
            section.Error(
                "Listen",
                $"{options.Listen} is beyond loopback and Proxy:Users is empty, which would open a relay for everybody; "
                + "set Proxy:Users, or listen on 127.0.0.1");
        }

        if (enabled && isShared && names.Count > 0)
        {
            section.Warning(
                UdpPorts,
                "is 'shared', so whoever sends first from a user's address can take that user's new association; "
                + "remove the key, or set a range of ports, unless all users have the same rights");
        }

        section.Complete();
        return new ProxySettings(options, names);
    }

    private static (UdpPortRange? Ports, bool IsShared) ReadUdpPorts(SectionReader section)
    {
        string? text = section.Text(UdpPorts);
        if (text is null || text.Equals("shared", StringComparison.OrdinalIgnoreCase))
        {
            return (null, text is not null);
        }

        if (text.Equals("own", StringComparison.OrdinalIgnoreCase))
        {
            return (UdpPortRange.Any, false);
        }

        if (UdpPortRange.TryParse(text, out UdpPortRange range))
        {
            return (range, false);
        }

        section.Error(UdpPorts, $"must be shared, own or a range of ports such as 20400-20999, not {Quoted.Text(text)}");
        return (null, false);
    }

    private static List<IPNetwork> ReadClients(SectionReader section)
    {
        List<IPNetwork> clients = [];
        foreach (string entry in section.Entries("Clients"))
        {
            if (section.RequiredDestination(entry) is not { } pattern)
            {
                continue;
            }

            if (pattern.Network is { } network)
            {
                clients.Add(network);
            }
            else
            {
                section.Error(entry, "must be an address or a CIDR block such as 10.1.0.0/16, not '*' or a name");
            }
        }

        if (section.IsEmptyList("Clients"))
        {
            section.Error("Clients", "is empty, so nobody could use the proxy; name the callers' addresses, or remove the key to let in everybody");
        }

        return clients;
    }

    private static string? ReadPassword(SectionReader section, string name)
    {
        string key = $"Users:{name}";
        if (Encoding.UTF8.GetByteCount(name) is < 1 or > MostBytes)
        {
            section.Error(key, $"a user name must have 1 to {MostBytes} bytes");
            return null;
        }

        if (section.HasBelow(key))
        {
            // "a:b" in the file arrives as a section "a" with a key "b".
            section.Error(key, "must be \"name\": \"password\", and a user name may hold no ':'");
            return null;
        }

        string? password = section.Text(key);
        if (password is not null && password.StartsWith(PasswordHash.Prefix, StringComparison.Ordinal))
        {
            if (PasswordHash.TryParse(password, out _, out string wrong))
            {
                return password;
            }

            section.Error(key, wrong);
            return null;
        }

        if (password is not null && Encoding.UTF8.GetByteCount(password) is < 1 or > MostBytes)
        {
            section.Error(key, $"the password must have 1 to {MostBytes} bytes");
            return null;
        }

        return password;
    }
}
