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

    /// <param name="section">The section.</param>
    /// <param name="isWritten">Whether any source has a <c>Proxy</c> section: writing one opens the port unless it says otherwise.</param>
    public static ProxySettings Read(SectionReader section, bool isWritten)
    {
        ProxyOptions standard = new();
        bool enabled = section.Flag("Enabled") ?? isWritten;
        IPEndPoint? listen = section.Listen("Listen");
        bool listenIsKnown = listen is not null || !section.Has("Listen");
        DatagramOptions udp = section.Datagrams();

        IReadOnlyList<string> names = section.Names("Users");
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (ReadPassword(section, name) is { } password)
            {
                users[name] = password;
            }
        }

        ProxyOptions options = new()
        {
            Enabled = enabled,
            Listen = listen ?? standard.Listen,
            Udp = udp,
            Users = users,
        };
        if (enabled && listenIsKnown && names.Count == 0 && !IPAddress.IsLoopback(options.Listen.Address))
        {
            section.Error(
                "Listen",
                $"{options.Listen} is beyond loopback and Proxy:Users is empty, which would open a relay for everybody; "
                + "set Proxy:Users, or listen on 127.0.0.1");
        }

        section.Complete();
        return new ProxySettings(options, names);
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
        if (password is not null && Encoding.UTF8.GetByteCount(password) is < 1 or > MostBytes)
        {
            section.Error(key, $"the password must have 1 to {MostBytes} bytes");
            return null;
        }

        return password;
    }
}
