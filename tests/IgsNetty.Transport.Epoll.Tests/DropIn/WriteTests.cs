using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Who owns what is written, and buffers that are made of several.</summary>
public sealed class WriteTests : DropInTests
{
    [Fact]
    public async Task A_written_buffer_is_released_once()
    {
        BufferWriter atServer = new();
        BufferWriter atClient = new();
        Pair pair = await PairAsync(atServer, atClient);
        await atServer.Written.Task.Unwrap().InTime();
        await atClient.Written.Task.Unwrap().InTime();
        await pair.Listener.CloseAsync().InTime();
        await pair.Client.CloseAsync().InTime();
        Assert.Equal((1, 1), (atServer.Buffer!.ReferenceCount, atClient.Buffer!.ReferenceCount));
        atServer.Buffer.Release();
        atClient.Buffer.Release();
    }

    [Fact]
    public async Task A_write_on_a_closed_channel_fails_and_releases_its_buffer()
    {
        Pair pair = await PairAsync(null, null);
        await pair.Client.CloseAsync().InTime();
        IByteBuffer buffer = pair.Client.Allocator.Buffer(10).WriteZero(10);
        await Assert.ThrowsAsync<ClosedChannelException>(() => pair.Client.WriteAndFlushAsync(buffer).InTime());
        Assert.Equal(0, buffer.ReferenceCount);
    }

    [Fact]
    public async Task A_message_of_another_type_fails_its_write_only()
    {
        CollectHandler collected = new();
        Pair pair = await PairAsync(collected, null);
        await Assert.ThrowsAsync<NotSupportedException>(() => pair.Client.WriteAndFlushAsync("text").InTime());
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer([7])).InTime();
        Assert.Equal([7], await collected.ReceiveAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_composite_buffer_arrives_whole(bool isPooled)
    {
        CollectHandler collected = new();
        IByteBufferAllocator allocator = isPooled ? PooledByteBufferAllocator.Default : UnpooledByteBufferAllocator.Default;
        Pair pair = await PairAsync(
            new CompositeWriter(),
            collected,
            (server, client) =>
            {
                server.ChildOption(ChannelOption.Allocator, allocator);
                client.Option(ChannelOption.Allocator, allocator);
            });
        Assert.Equal([0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 123, 0, 0, 0, 0, 0, 0, 1, 200], await collected.ReceiveAsync(20));
        await collected.Inactive.InTime();
        Assert.False(pair.Client.Active);
    }

    private sealed class BufferWriter : ChannelHandlerAdapter
    {
        public IByteBuffer? Buffer { get; private set; }

        public TaskCompletionSource<Task> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void ChannelActive(IChannelHandlerContext context)
        {
            Buffer = context.Allocator.Buffer().WriteBytes(Bytes.Random(1024, seed: 1));
            Buffer.Retain(); // so that the count can be read afterwards
            Written.TrySetResult(context.Channel.WriteAndFlushAsync(Buffer));
        }

        public override void ChannelRead(IChannelHandlerContext context, object message) => ((IByteBuffer)message).Release();
    }

    private sealed class CompositeWriter : ChannelHandlerAdapter
    {
        public override void ChannelActive(IChannelHandlerContext context)
        {
            CompositeByteBuffer whole = context.Allocator.CompositeBuffer();
            whole.AddComponent(true, context.Allocator.DirectBuffer(4).WriteInt(100));
            whole.AddComponent(true, context.Allocator.DirectBuffer(8).WriteLong(123));
            whole.AddComponent(true, context.Allocator.HeapBuffer(8).WriteLong(456));
            context.WriteAndFlushAsync(whole).ContinueWith(
                (_, c) => ((IChannelHandlerContext)c!).CloseAsync(), context, TaskContinuationOptions.ExecuteSynchronously);
        }
    }
}
