using DotNetty.Transport.Channels;
using IgsNetty.Endpoints.Calls;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Forwards;

/// <summary>A local port whose every caller is taken to one target.</summary>
public static class TcpForwardEndpoint
{
    /// <summary>Binds and takes callers from here on.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static IListener Open(EndpointContext context, ForwardOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        string? via = options.Via ?? context.Routes.Find(options.Target);
        return context.Transport.Listen(options.Listen, (socket, loop) => _ = AcceptAsync(context, options, via, socket, loop));
    }

    private static async Task AcceptAsync(EndpointContext context, ForwardOptions options, string? via, IStreamSocket socket, IEventLoop loop)
    {
        // The peer is known already, so the socket is born on the loop of the link it will use.
        IEventLoop home = via is null or RouteRule.Direct ? loop : context.Links.Registry.Find(via, loop)?.Loop.Loop ?? loop;
        Task registered = home.RegisterAsync(socket.Channel);
        await home.SwitchTo(); // behind the registration: it is done by then, and this goes on where it was done
        await registered;
        Call.Begin(context, new IncomingCall(socket, options.Target, AccessPolicy.Local, options.Via, null, null));
    }
}
