using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Forwards;

/// <summary>A local UDP port whose every sender is taken to one target.</summary>
public static class UdpForwardEndpoint
{
    /// <summary>Binds and takes senders from here on.</summary>
    /// <param name="context">What all endpoints share.</param>
    /// <param name="options">The forward.</param>
    /// <param name="loop">Where its socket lives.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static IListener Open(EndpointContext context, ForwardOptions options, RelayLoop loop)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loop);
        return new UdpForward(context, options, loop);
    }
}
