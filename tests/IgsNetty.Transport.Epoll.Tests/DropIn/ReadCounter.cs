using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Counts reads and batches, and does something at each read.</summary>
/// <param name="onRead">Gets the number of the read, from 1.</param>
internal sealed class ReadCounter(Action<IChannelHandlerContext, int>? onRead = null) : ChannelHandlerAdapter
{
    private volatile int _reads;
    private volatile int _batches;

    public int Reads => _reads;

    public int Batches => _batches;

    public Task UntilBatchesAsync(int count) => Waiting.UntilAsync(() => _batches >= count, $"{count} batches, and there were {_batches}");

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        ReferenceCountUtil.Release(message);
        _reads++;
        onRead?.Invoke(context, _reads);
    }

    public override void ChannelReadComplete(IChannelHandlerContext context) => _batches++;
}
