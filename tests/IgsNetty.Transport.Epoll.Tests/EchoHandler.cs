using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Sends back what comes, by DotNetty's own calls.</summary>
internal sealed class EchoHandler : ChannelHandlerAdapter
{
    public override void ChannelRead(IChannelHandlerContext context, object message) => context.WriteAsync(message);

    public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();
}
