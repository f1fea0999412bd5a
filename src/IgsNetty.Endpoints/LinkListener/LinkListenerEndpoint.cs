using System.Net;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Transport;
using DotNetty.Transport.Channels;

namespace IgsNetty.Endpoints.LinkListener;

/// <summary>Where other gateways dial in.</summary>
public static class LinkListenerEndpoint
{
    /// <summary>Binds and accepts links from here on.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static IListener Open(EndpointContext context, IPEndPoint address)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Transport.Listen(address, (socket, loop) => _ = AcceptAsync(context, socket, loop));
    }

    private static async Task AcceptAsync(EndpointContext context, IStreamSocket socket, IEventLoop loop)
    {
        EndPoint? remote = socket.Channel.RemoteAddress;
        RelayLoop relayLoop = context.LoopOf(loop);
        HandshakePass pass = context.LinkHandshakes.Enter(socket, relayLoop);
        Exception? fault;
        try
        {
            Task handshake = LinkPipeline.Handshake(socket, relayLoop, context.Links, dialled: null);
            await loop.RegisterAsync(socket.Channel);

            // Not thrown: that costs more than all the rest of a handshake, and strangers choose how often.
            await handshake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            fault = handshake.Exception?.InnerException;
        }
        catch (Exception e)
        {
            fault = e;
        }

        if (fault is null)
        {
            pass.Leave();
            return;
        }

        pass.LeaveWhenClosed();
        if (context.Throttle.TryPass((nameof(LinkListener), ClientKey.Of(remote), fault.Message), out int more))
        {
            EndpointLog.LinkRefused(context.Logger, remote, fault.Message, more);
        }
    }
}
