using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The proxy port: SOCKS5 and HTTP CONNECT for local callers.</summary>
public static class ProxyEndpoint
{
    /// <summary>Binds and takes callers from here on.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static IListener Open(EndpointContext context, ProxyOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ProxyUsers users = new(options.Users);
        return context.Transport.Listen(options.Listen, (socket, loop) =>
        {
            socket.Channel.Pipeline.AddLast("proxy", new ProxyHandler(context, users, socket));
            loop.RegisterAsync(socket.Channel);
        });
    }
}
