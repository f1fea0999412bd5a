using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace IgsNetty.Relay.Streams;

/// <summary>Tail of a local socket's pipeline: tells one <see cref="ILocalSide"/> what the socket brings.</summary>
internal sealed class LocalStreamHandler(ILocalSide side) : ChannelHandlerAdapter
{
    public const string Name = "stream";

    public override void ChannelRead(IChannelHandlerContext context, object message) => side.OnRead((IByteBuffer)message);

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            side.OnEnd();
        }
    }

    // Every failure of a connected socket is its end without a FIN; the reason it gives adds nothing for the other side.
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => side.OnLost(exception);

    public override void ChannelInactive(IChannelHandlerContext context) => side.OnLost(null);
}
