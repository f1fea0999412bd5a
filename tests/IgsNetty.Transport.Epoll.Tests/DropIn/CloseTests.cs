using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Ends: of the peer, of the channel, of one direction, and by an error of a handler.</summary>
public sealed class CloseTests : DropInTests
{
    private const int Sent = 100;

    [Fact]
    public async Task The_clients_end_is_seen_by_a_server_that_reads_by_hand()
    {
        Drain drain = new();
        Pair pair = await PairAsync(drain, null, (server, _) => server.ChildOption(ChannelOption.AutoRead, false));
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[Sent])).InTime();
        await pair.Client.CloseAsync().InTime();
        Assert.Equal(Sent, await drain.Inactive.Task.InTime("the server's end"));
    }

    [Fact]
    public async Task The_servers_end_is_seen_by_a_client_that_reads_later()
    {
        Drain drain = new() { ReadsAtOnce = false };
        Pair pair = await PairAsync(null, drain, (_, client) => client.Option(ChannelOption.AutoRead, false));
        await pair.Accepted.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[Sent])).InTime();
        await pair.Accepted.CloseAsync().InTime();
        await SettleAsync(pair.Client);
        Assert.True(pair.Client.Active);
        pair.Client.Read();
        Assert.Equal(Sent, await drain.Inactive.Task.InTime("the client's end"));
        Assert.Null(drain.Error);
    }

    [Fact]
    public async Task A_close_ends_the_peers_channel_without_an_error()
    {
        Drain drain = new();
        Pair pair = await PairAsync(null, drain);
        await pair.Accepted.CloseAsync().InTime();
        await drain.Inactive.Task.InTime("the client's end");
        Assert.Null(drain.Error);
    }

    [Fact]
    public async Task A_close_with_linger_zero_ends_the_peers_channel_with_an_error()
    {
        Drain drain = new();
        Pair pair = await PairAsync(null, drain, (server, _) => server.ChildOption(ChannelOption.SoLinger, 0));
        await pair.Accepted.CloseAsync().InTime();
        await drain.Inactive.Task.InTime("the client's end");
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(drain.Error).SocketErrorCode);
    }

    [Fact]
    public async Task With_the_output_shut_the_answer_still_comes()
    {
        CollectHandler collected = new();
        AnswerAtEnd answer = new();
        Pair pair = await PairAsync(
            answer,
            collected,
            (server, client) =>
            {
                server.ChildOption(ChannelOption.AllowHalfClosure, true);
                client.Option(ChannelOption.AllowHalfClosure, true);
            });
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[Sent])).InTime();
        await ((EpollSocketChannel)pair.Client).ShutdownOutputAsync().InTime();
        Assert.Equal([Sent], await collected.ReceiveAsync(1));
        await pair.Accepted.CloseCompletion.InTime();
    }

    [Fact]
    public async Task An_accepted_channel_that_is_closed_by_force_leaves_the_listener_alone()
    {
        int accepted = 0;
        IChannel listener = await BindAsync(Server(_ => { }).Handler(new ForcedCloser(() => Interlocked.Increment(ref accepted))));
        for (int i = 1; i <= 2; i++)
        {
            Drain drain = new();
            await ConnectAsync(Client(channel => channel.Pipeline.AddLast(drain)), listener);
            await drain.Inactive.Task.InTime("the client's end");
            Assert.Equal(i, accepted);
        }
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_caught_once()
    {
        Drain catcher = new() { ClosesAtError = true };
        Pair pair = await PairAsync(catcher, null);
        await pair.Accepted.EventLoop.SubmitAsync(() => pair.Accepted.Pipeline.AddFirst(new BuggyHandler())).InTime();
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[1024])).InTime();
        await catcher.Inactive.Task.InTime("the server's end");
        Assert.Equal("a bug", catcher.Error?.Message);
        Assert.Equal(1, catcher.Errors);
    }

    private sealed class Drain : SimpleChannelInboundHandler<IByteBuffer>
    {
        private int _bytes;

        public bool ReadsAtOnce { get; init; } = true;

        public bool ClosesAtError { get; init; }

        public Exception? Error { get; private set; }

        public int Errors { get; private set; }

        /// <summary>The bytes until then.</summary>
        public TaskCompletionSource<int> Inactive { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void ChannelActive(IChannelHandlerContext context)
        {
            if (ReadsAtOnce && !context.Channel.Configuration.AutoRead)
            {
                context.Read();
            }
        }

        public override void ChannelInactive(IChannelHandlerContext context) => Inactive.TrySetResult(_bytes);

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
        {
            Error = exception;
            Errors++;
            if (ClosesAtError)
            {
                context.CloseAsync();
            }
        }

        protected override void ChannelRead0(IChannelHandlerContext context, IByteBuffer message)
        {
            _bytes += message.ReadableBytes;
            if (!context.Channel.Configuration.AutoRead)
            {
                context.Read(); // the next one finds the end
            }
        }
    }

    private sealed class AnswerAtEnd : SimpleChannelInboundHandler<IByteBuffer>
    {
        private int _bytes;

        public override void UserEventTriggered(IChannelHandlerContext context, object evt)
        {
            if (evt is ChannelInputShutdownEvent)
            {
                context.WriteAndFlushAsync(Unpooled.WrappedBuffer([(byte)_bytes])).ContinueWith(
                    (_, c) => ((IChannelHandlerContext)c!).CloseAsync(), context, TaskContinuationOptions.ExecuteSynchronously);
            }
        }

        protected override void ChannelRead0(IChannelHandlerContext context, IByteBuffer message) => _bytes += message.ReadableBytes;
    }

    private sealed class ForcedCloser(Action closed) : ChannelHandlerAdapter
    {
        public override void ChannelRead(IChannelHandlerContext context, object message)
        {
            closed();
            ((IChannel)message).Unsafe.CloseForcibly();
        }
    }

    private sealed class BuggyHandler : ChannelHandlerAdapter
    {
        public override void ChannelRead(IChannelHandlerContext context, object message)
        {
            ReferenceCountUtil.Release(message);
            throw new InvalidOperationException("a bug");
        }
    }
}
