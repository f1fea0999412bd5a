using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Tls;

/// <summary>What comes out of the TLS above it, in order.</summary>
internal sealed class RecordingHandler : ChannelHandlerAdapter
{
    private readonly List<byte> _bytes = [];

    /// <summary>established, data, end, and the text of what failed; data that follows data is one.</summary>
    public IList<string> Events { get; } = [];

    public TlsSession? Session { get; private set; }

    public byte[] Take()
    {
        byte[] taken = [.. _bytes];
        _bytes.Clear();
        return taken;
    }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        byte[] bytes = new byte[buffer.ReadableBytes];
        buffer.ReadBytes(bytes);
        buffer.Release();
        _bytes.AddRange(bytes);
        if (Events.LastOrDefault() != "data")
        {
            Events.Add("data");
        }
    }

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is TlsEstablished established)
        {
            Session = established.Session;
        }

        Events.Add(evt is TlsEstablished ? "established" : evt is ChannelInputShutdownEvent ? "end" : $"{evt}");
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) =>
        Events.Add(exception is TlsException ? exception.Message : $"{exception}");
}
