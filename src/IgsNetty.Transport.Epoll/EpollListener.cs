using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Epoll;

/// <summary>A listener of the transport: an <see cref="EpollServerSocketChannel"/> whose pipeline hands on what it accepts.</summary>
internal sealed class EpollListener : ChannelHandlerAdapter, IListener
{
    private readonly IEventLoop _loop;
    private readonly EpollServerSocketChannel _channel;
    private readonly Action<EpollSocketChannel> _accepted;
    private readonly ILogger _logger;

    public EpollListener(IPEndPoint address, IEventLoop loop, Action<EpollSocketChannel> accepted, ILogger logger)
    {
        _loop = loop;
        _accepted = accepted;
        _logger = logger;
        _channel = new EpollServerSocketChannel(address.AddressFamily);
        try
        {
            _channel.BindAndListen(address);
        }
        catch
        {
            _channel.Descriptor.Dispose();
            throw;
        }

        Address = (IPEndPoint)_channel.LocalAddress;
        _channel.Pipeline.AddLast(this);
        _ = loop.RegisterAsync(_channel);
    }

    public IPEndPoint Address { get; }

    public void Close()
    {
        // Callers are refused from here on, whatever the loop is at.
        _channel.StopListening();
        _loop.Execute(static c => ((IChannel)c).Unsafe.CloseAsync(), _channel);
    }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        EpollSocketChannel accepted = (EpollSocketChannel)message;
        try
        {
            _accepted(accepted);
        }
        catch (Exception e)
        {
            TransportLog.AcceptFailed(_logger, Address, e.Message);
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        if (exception is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable })
        {
            TransportLog.AcceptPaused(_logger, Address, exception.Message);
        }
        else
        {
            TransportLog.AcceptFailed(_logger, Address, exception.Message);
        }
    }
}
