using System.Threading.Channels;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Keeps what comes, until the end of the channel.</summary>
internal sealed class CollectHandler : ChannelHandlerAdapter
{
    private readonly Channel<byte> _received = Channel.CreateUnbounded<byte>();
    private readonly TaskCompletionSource _inactive = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Inactive => _inactive.Task;

    public async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = await _received.Reader.ReadAsync().AsTask().InTime($"byte {i} of {count}");
        }

        return bytes;
    }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        while (buffer.IsReadable())
        {
            _received.Writer.TryWrite(buffer.ReadByte());
        }

        buffer.Release();
    }

    public override void ChannelInactive(IChannelHandlerContext context) => _inactive.TrySetResult();
}
