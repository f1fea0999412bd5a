using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace IgsNetty.Transport;

/// <summary>
/// Closes a socket so that the peer gets the last bytes: a plain close with unread input in the kernel would send RST,
/// and RST overtakes what the peer has not read yet. So: FIN after what is pending, then input is thrown away until the
/// peer's FIN, or the time is up. When more has come than was under way, nothing is read any more: a peer that goes on sending
/// is held up by that, and costs nothing.
/// </summary>
public sealed class GentleClose : ChannelHandlerAdapter, IByteOutputListener
{
    /// <summary>About as much as a connection has under way.</summary>
    private const long MostThrownAway = 4 << 20;

    private readonly IStreamSocket _socket;
    private long _thrownAway;
    private IScheduledTask? _limit;
    private bool _shut;
    private bool _ended;

    private GentleClose(IStreamSocket socket)
    {
        _socket = socket;
        _ended = socket.InputEnded;
    }

    /// <summary>Starts it; on the socket's loop. Handlers that are still in the pipeline must not mind the input that comes.</summary>
    /// <param name="socket">The socket; its output listener is replaced.</param>
    /// <param name="limit">When to stop waiting for the peer.</param>
    public static void Begin(IStreamSocket socket, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(socket);
        IChannel channel = socket.Channel;
        bool isOver = socket.InputEnded && socket.PendingBytes == 0;
        if (!channel.Active || isOver)
        {
            if (channel.Active)
            {
                socket.ShutdownOutput(); // TLS has an end of its own to tell
            }

            _ = channel.CloseAsync();
            return;
        }

        GentleClose closing = new(socket);
        socket.OutputListener = closing;
        channel.Pipeline.AddFirst(closing);
        closing._limit = channel.EventLoop.Schedule(static c => ((IChannel)c).CloseAsync(), channel, limit);
        channel.Configuration.AutoRead = true;
        closing.OnSent(0);
    }

    /// <inheritdoc/>
    public void OnSent(int bytes)
    {
        if (!_shut && _socket.PendingBytes == 0)
        {
            _shut = true;
            _socket.ShutdownOutput();
            CloseWhenDone();
        }
    }

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        ArgumentNullException.ThrowIfNull(context);
        _thrownAway += (message as IByteBuffer)?.ReadableBytes ?? 0;
        ReferenceCountUtil.Release(message);
        if (_thrownAway > MostThrownAway)
        {
            context.Channel.Configuration.AutoRead = false;
        }
    }

    /// <inheritdoc/>
    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (evt is ChannelInputShutdownEvent)
        {
            _ended = true;
            CloseWhenDone();
        }
    }

    /// <inheritdoc/>
    public override void ChannelInactive(IChannelHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _limit?.Cancel(); // else it holds the channel until then
        context.FireChannelInactive();
    }

    /// <inheritdoc/>
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CloseAsync();
    }

    private void CloseWhenDone()
    {
        if (_shut && _ended)
        {
            _socket.Channel.CloseAsync();
        }
    }
}
