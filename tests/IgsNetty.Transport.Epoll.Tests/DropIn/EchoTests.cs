using System.Text;
using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>What is sent comes back whole: by handlers alone, and through DotNetty's codecs.</summary>
public sealed class EchoTests : DropInTests
{
    private const int Size = 1 << 20;

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Bytes_come_back_whole(bool isOnExecutorOfItsOwn, bool autoRead)
    {
        byte[] bytes = Bytes.Random(Size, seed: 3);
        Gatherer gathered = new(Size, autoRead, isEcho: false);
        Gatherer echo = new(Size, autoRead, isEcho: true);
        IEventLoopGroup? executors = isOnExecutorOfItsOwn ? Group : null;
        IChannel listener = await BindAsync(
            Server(channel => channel.Pipeline.AddLast(executors, echo)).ChildOption(ChannelOption.AutoRead, autoRead));
        IChannel client = await ConnectAsync(
            Client(channel => channel.Pipeline.AddLast(executors, gathered)).Option(ChannelOption.AutoRead, autoRead), listener);
        Random random = new(5);
        List<Task> writes = [];
        for (int offset = 0, length; offset < Size; offset += length)
        {
            length = Math.Min(random.Next(1, 64 * 1024), Size - offset);
            writes.Add(client.WriteAndFlushAsync(Unpooled.WrappedBuffer(bytes, offset, length)));
        }

        await Task.WhenAll(writes).InTime();
        Bytes.AssertSame(bytes, await echo.Whole.Task.InTime("the echo"));
        Bytes.AssertSame(bytes, await gathered.Whole.Task.InTime("the bytes that come back"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_come_back_one_by_one(bool autoRead)
    {
        const int Count = 40;
        List<int> sizes = [];
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IChannel listener = await BindAsync(Server(channel => channel.Pipeline.AddLast(
            new LengthFieldBasedFrameDecoder(10_000, 0, 2, 0, 2),
            new LengthFieldPrepender(2),
            new EchoOf<IByteBuffer>(frame => frame.Retain(), autoRead))).ChildOption(ChannelOption.AutoRead, autoRead));
        EchoOf<IByteBuffer> gatherer = new(
            frame =>
            {
                sizes.Add(frame.ReadableBytes);
                if (sizes.Count == Count)
                {
                    done.TrySetResult();
                }

                return null;
            },
            autoRead);
        IChannel client = await ConnectAsync(
            Client(channel => channel.Pipeline.AddLast(
                new LengthFieldBasedFrameDecoder(10_000, 0, 2, 0, 2), new LengthFieldPrepender(2), gatherer))
                .Option(ChannelOption.AutoRead, autoRead),
            listener);
        int[] sent = [.. Enumerable.Range(1, Count).Select(i => i * 37)];
        await Task.WhenAll(sent.Select(size => client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[size])))).InTime();
        await done.Task.InTime();
        Assert.Equal(sent, sizes);
    }

    [Fact]
    public async Task Lines_of_text_come_back_one_by_one()
    {
        List<string> lines = [.. Enumerable.Range(0, 40).Select(i => $"line {i} {new string('x', i)}")];
        List<string> received = [];
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IChannel listener = await BindAsync(Server(channel => channel.Pipeline.AddLast(
            new LineBasedFrameDecoder(1000),
            new StringDecoder(Encoding.ASCII),
            new StringEncoder(Encoding.ASCII),
            new EchoOf<string>(text => text + "\n"))));
        IChannel client = await ConnectAsync(
            Client(channel => channel.Pipeline.AddLast(
                new LineBasedFrameDecoder(1000),
                new StringDecoder(Encoding.ASCII),
                new StringEncoder(Encoding.ASCII),
                new EchoOf<string>(text =>
                {
                    received.Add(text);
                    if (received.Count == lines.Count)
                    {
                        done.TrySetResult();
                    }

                    return null;
                }))),
            listener);
        await Task.WhenAll(lines.Select(line => client.WriteAndFlushAsync(line + "\r\n"))).InTime();
        await done.Task.InTime();
        Assert.Equal(lines, received);
    }

    /// <summary>Writes back what the function makes of each message; null: nothing.</summary>
    private sealed class EchoOf<T>(Func<T, object?> answer, bool autoRead = true) : SimpleChannelInboundHandler<T>
    {
        public override void ChannelActive(IChannelHandlerContext context)
        {
            if (!autoRead)
            {
                context.Read();
            }
        }

        public override void ChannelReadComplete(IChannelHandlerContext context)
        {
            context.Flush();
            if (!autoRead)
            {
                context.Read();
            }
        }

        protected override void ChannelRead0(IChannelHandlerContext context, T message)
        {
            if (answer(message) is { } reply)
            {
                context.WriteAsync(reply);
            }
        }
    }

    private sealed class Gatherer(int size, bool autoRead, bool isEcho) : SimpleChannelInboundHandler<IByteBuffer>
    {
        private readonly MemoryStream _bytes = new(size);

        public TaskCompletionSource<byte[]> Whole { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void ChannelActive(IChannelHandlerContext context)
        {
            if (!autoRead)
            {
                context.Read();
            }
        }

        public override void ChannelReadComplete(IChannelHandlerContext context)
        {
            context.Flush();
            if (!autoRead)
            {
                context.Read();
            }
        }

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Whole.TrySetException(exception);

        protected override void ChannelRead0(IChannelHandlerContext context, IByteBuffer message)
        {
            if (isEcho)
            {
                context.WriteAsync(message.Copy());
            }

            message.ReadBytes(_bytes, message.ReadableBytes);
            if (_bytes.Length == size)
            {
                Whole.TrySetResult(_bytes.ToArray());
            }
        }
    }
}
