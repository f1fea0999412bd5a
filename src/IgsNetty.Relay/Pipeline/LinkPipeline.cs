using DotNetty.Transport.Channels;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Security;
using IgsNetty.Transport;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Pipeline;

/// <summary>A link's pipeline, top to bottom in the order bytes travel inwards; in two phases.</summary>
public static class LinkPipeline
{
    /// <summary>
    /// The handshake: small whole messages, framed by DotNetty's length-field decoder. It replaces itself by
    /// <see cref="Establish"/>. TLS stands first, in both phases.
    /// </summary>
    /// <param name="socket">A connected socket, not registered yet or on its loop, with reading off.</param>
    /// <param name="loop">The loop it will live on.</param>
    /// <param name="context">What all links share.</param>
    /// <param name="dialled">Who must answer, when this gateway dialled; null when it was dialled.</param>
    /// <returns>The link, once it stands. Fails with <see cref="LinkHandshakeException"/>.</returns>
    public static Task<Link> Handshake(IStreamSocket socket, RelayLoop loop, LinkContext context, string? dialled)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.Channel.Configuration.RecvByteBufAllocator = context.ReceiveBuffers;
        LinkIdentity? identity = context.Security.Tls?.Current;
        TlsSocket? tls = identity is null ? null : new TlsSocket(socket, identity.Engines, dialled is not null, loop.Tls);
        HandshakeHandler handshake = new(tls ?? socket, loop, context, dialled, identity?.Trust);
        IChannelPipeline pipeline = socket.Channel.Pipeline
            .AddLast("frame-decoder", new HandshakeFrameDecoder())  // bytes → one frame, header included
            .AddLast("handshake", handshake);                       // frames → a proven peer
        if (tls is not null)
        {
            pipeline.AddFirst("tls", tls);                          // records → bytes; last, since it begins at once
        }

        return handshake.Completion;
    }

    /// <summary>The data phase. Called by the handshake when the peer is proven; what was read beyond it flows on.</summary>
    internal static void Establish(IChannelPipeline pipeline, Link link, int maxPayload)
    {
        LinkHandler handler = new(link);
        pipeline
            .AddLast("keep-alive", new KeepAliveHandler(link, link.Context.KeepAlive))  // notices silence
            .AddLast("link-decoder", new LinkFrameDecoder(handler, maxPayload))         // bytes → frames, as they arrive
            .AddLast("link", handler);                                                  // frames → streams
        pipeline.Remove("handshake");
        link.Start();
        pipeline.Remove("frame-decoder");
    }
}
