using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Counts what comes; takes it away from the handlers behind it, or passes it on.</summary>
internal sealed class Counting(Action<int> moved, bool isPassingOn) : ChannelHandlerAdapter
{
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        moved(buffer.ReadableBytes);
        if (isPassingOn)
        {
            context.FireChannelRead(buffer);
        }
        else
        {
            buffer.Release();
        }
    }
}
