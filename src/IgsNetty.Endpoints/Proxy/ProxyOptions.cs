using System.Net;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The <c>Proxy</c> section: SOCKS5 and HTTP CONNECT for local callers, on one port.</summary>
public sealed record ProxyOptions
{
    /// <summary>Whether the port is opened at all (<c>igsproxyoption</c> in the original).</summary>
    public bool Enabled { get; init; }

    /// <summary>Where it listens; port 0 lets the system choose.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 20304);

    /// <summary>Seconds the called side waits for UDP replies; travels with each UDP flow (0 to 3,600; 0: it does not wait).</summary>
    public int UdpResponseTimeoutSeconds { get; init; } = 10;

    /// <summary>User name to password. Empty: no authentication is asked for.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();
}
