using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Gateway.Configuration;

/// <summary>
/// The address of a listener: <c>IP:port</c>, <c>[v6]:port</c>, <c>localhost:port</c> or <c>*:port</c>. Port 0 lets the
/// system choose. <c>*</c> and <c>[::]</c> take IPv6 and IPv4 callers.
/// </summary>
internal static class ListenAddress
{
    private const string Forms = "write IP:PORT, [IPv6]:PORT, localhost:PORT or *:PORT";

    /// <returns>False with what would be right in <paramref name="error"/>.</returns>
    public static bool TryParse(string text, out IPEndPoint address, out string error)
    {
        address = new IPEndPoint(IPAddress.Loopback, 0);
        int colon = text.LastIndexOf(':');
        if (colon < 1)
        {
            error = colon == 0 ? $"the address before ':' is missing; {Forms}" : $"the port is missing; {Forms}";
            return false;
        }

        string host = text[..colon];
        if (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('['))
        {
            error = $"an IPv6 address goes in brackets; {Forms}";
            return false;
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            error = "the port must be a whole number from 0 to 65535 (0: the system chooses)";
            return false;
        }

        if (!TryHost(host, out IPAddress? ip))
        {
            error = $"{Quoted.Text(host)} is not an address in full; {Forms}";
            return false;
        }

        address = new IPEndPoint(ip, port);
        error = "";
        return true;
    }

    /// <summary>Would the second of two listeners of one protocol fail to bind? <c>[::]</c> also takes the IPv4 port.</summary>
    public static bool Overlap(IPEndPoint a, IPEndPoint b)
    {
        if (a.Port == 0 || a.Port != b.Port)
        {
            return false;
        }

        return a.Address.Equals(b.Address) || Covers(a.Address, b.Address) || Covers(b.Address, a.Address);
    }

    private static bool Covers(IPAddress wildcard, IPAddress other) =>
        wildcard.Equals(IPAddress.IPv6Any) || (wildcard.Equals(IPAddress.Any) && other.AddressFamily == AddressFamily.InterNetwork);

    private static bool TryHost(string host, out IPAddress ip)
    {
        ip = IPAddress.IPv6Any;
        if (host == "*")
        {
            return true;
        }

        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            ip = IPAddress.Loopback;
            return true;
        }

        bool brackets = host.StartsWith('[') && host.EndsWith(']');
        string inner = brackets ? host[1..^1] : host;
        if (inner.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(inner, out IPAddress? parsed))
        {
            return false;
        }

        if (!brackets)
        {
            // 127.1 and 0177.0.0.1 are addresses too, but whoever opens a port should read what it is.
            ip = parsed;
            return parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() == inner;
        }

        // The scope ID stays: a link-local address cannot be bound without it.
        ip = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
