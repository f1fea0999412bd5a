using System.Net;
using System.Text;
using DotNetty.Buffers;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll;

namespace EchoExample;

/// <summary>A server that sends back what it receives, and a client that asks it once.</summary>
public static class EchoProgram
{
    public static async Task<string> RunAsync(string text)
    {
        EpollEventLoopGroup loops = new(loops: 2);
        try
        {
            IChannel server = await new ServerBootstrap()
                .Group(loops)
                .Channel<EpollServerSocketChannel>()
                .Option(ChannelOption.SoBacklog, 1024)
                .ChildOption(ChannelOption.SoKeepalive, true)
                .ChildHandler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(new EchoHandler())))
                .BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

            AnswerHandler answer = new(text.Length);
            IChannel client = await new Bootstrap()
                .Group(loops)
                .Channel<EpollSocketChannel>()
                .Option(ChannelOption.ConnectTimeout, TimeSpan.FromSeconds(5))
                .Handler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(answer)))
                .ConnectAsync(server.LocalAddress);

            await client.WriteAndFlushAsync(Unpooled.CopiedBuffer(text, Encoding.ASCII));
            string echoed = await answer.Text;
            await client.CloseAsync();
            await server.CloseAsync();
            return echoed;
        }
        finally
        {
            await loops.ShutdownGracefullyAsync(quietPeriod: TimeSpan.FromMilliseconds(50), timeout: TimeSpan.FromSeconds(5));
        }
    }

    private sealed class EchoHandler : ChannelHandlerAdapter
    {
        public override void ChannelRead(IChannelHandlerContext context, object message) => context.WriteAsync(message);

        public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => context.CloseAsync();
    }

    private sealed class AnswerHandler(int length) : SimpleChannelInboundHandler<IByteBuffer>
    {
        private readonly StringBuilder _received = new();
        private readonly TaskCompletionSource<string> _text = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Text => _text.Task;

        public override void ChannelInactive(IChannelHandlerContext context) => _text.TrySetException(new ClosedChannelException());

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => _text.TrySetException(exception);

        protected override void ChannelRead0(IChannelHandlerContext context, IByteBuffer message)
        {
            _received.Append(message.ToString(Encoding.ASCII));
            if (_received.Length == length)
            {
                _text.TrySetResult(_received.ToString());
            }
        }
    }
}
