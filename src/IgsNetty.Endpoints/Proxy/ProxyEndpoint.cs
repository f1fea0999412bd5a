using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The proxy port: SOCKS5 and HTTP CONNECT for local callers over TCP, their UDP associations under the same number.</summary>
public static class ProxyEndpoint
{
    /// <summary>Binds and takes callers from here on.</summary>
    /// <param name="context">What all endpoints share.</param>
    /// <param name="options">The proxy.</param>
    /// <param name="loop">Where its UDP socket lives.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static IListener Open(EndpointContext context, ProxyOptions options, RelayLoop loop)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loop);
        return new ProxyPort(context, options, loop);
    }
}
