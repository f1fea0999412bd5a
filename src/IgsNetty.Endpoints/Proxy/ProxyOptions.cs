using System.Net;
using IgsNetty.Relay.Datagrams;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The <c>Proxy</c> section: SOCKS5 and HTTP CONNECT for local callers, on one port.</summary>
public sealed record ProxyOptions
{
    /// <summary>Whether the port is opened at all (<c>igsproxyoption</c> in the original).</summary>
    public bool Enabled { get; init; }

    /// <summary>Where it listens; port 0 lets the system choose.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 20304);

    /// <summary>For UDP flows whose client does not say otherwise.</summary>
    public DatagramOptions Udp { get; init; } = new();

    /// <summary>
    /// Where each association gets a port of its own. Null: the system chooses where there are users, and all share one where there are none.
    /// </summary>
    public UdpPortRange? UdpPorts { get; init; }

    /// <summary>All associations share the UDP port of the proxy's number, though there are users.</summary>
    public bool SharesUdpPort { get; init; }

    /// <summary>From where callers may come. Empty: from everywhere.</summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [];

    /// <summary>User name to password, or to the text of a <see cref="PasswordHash"/>. Empty: no authentication is asked for.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();
}
