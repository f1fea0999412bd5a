using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Sends back what comes.</summary>
internal sealed class Returning(IStreamSocket socket) : ChannelHandlerAdapter
{
    public override void ChannelRead(IChannelHandlerContext context, object message) => socket.Send((IByteBuffer)message);
}
