using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>Options of an <see cref="EpollServerSocketChannel"/>; those of the socket are to be set before it is bound.</summary>
public sealed class EpollServerSocketChannelConfiguration : DefaultChannelConfiguration, IServerSocketChannelConfiguration
{
    private const int DefaultBacklog = 4096;

    private static readonly FixedRecvByteBufAllocator Unused = FixedRecvByteBufAllocator.Default;

    private readonly SocketDescriptor _socket;

    internal EpollServerSocketChannelConfiguration(EpollServerSocketChannel channel)
        : base(channel, Unused)
    {
        _socket = channel.Descriptor;
    }

    /// <summary>Callers that may wait to be accepted; the system caps it (net.core.somaxconn).</summary>
    public int Backlog { get; set; } = DefaultBacklog;

    /// <summary>SO_REUSEADDR; on unless it is switched off: connections of an earlier life do not hold the port.</summary>
    public bool ReuseAddress
    {
        get => _socket.Get(SocketOption.ReuseAddress) != 0;
        set => _socket.Set(SocketOption.ReuseAddress, value ? 1 : 0);
    }

    /// <summary>
    /// SO_REUSEPORT: several listeners of this user bind the same address and the kernel spreads callers over them. Off unless
    /// it is switched on: a second start of the same program would otherwise take half of the callers unnoticed.
    /// </summary>
    public bool ReusePort
    {
        get => _socket.Get(SocketOption.ReusePort) != 0;
        set => _socket.Set(SocketOption.ReusePort, value ? 1 : 0);
    }

    /// <summary>SO_RCVBUF of accepted sockets, bytes.</summary>
    public int ReceiveBufferSize
    {
        get => _socket.Get(SocketOption.ReceiveBuffer);
        set => _socket.Set(SocketOption.ReceiveBuffer, value);
    }

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option) => option switch
    {
        _ when ChannelOption.SoBacklog.Equals(option) => (T)(object)Backlog,
        _ when ChannelOption.SoReuseaddr.Equals(option) => (T)(object)ReuseAddress,
        _ when ChannelOption.SoReuseport.Equals(option) => (T)(object)ReusePort,
        _ when ChannelOption.SoRcvbuf.Equals(option) => (T)(object)ReceiveBufferSize,
        _ => base.GetOption(option),
    };

    /// <inheritdoc/>
    public override bool SetOption<T>(ChannelOption<T> option, T value)
    {
        if (base.SetOption(option, value))
        {
            return true;
        }

        switch (value)
        {
            case int callers when ChannelOption.SoBacklog.Equals(option):
                Backlog = callers;
                return true;
            case bool on when ChannelOption.SoReuseaddr.Equals(option):
                ReuseAddress = on;
                return true;
            case bool on when ChannelOption.SoReuseport.Equals(option):
                ReusePort = on;
                return true;
            case int bytes when ChannelOption.SoRcvbuf.Equals(option):
                ReceiveBufferSize = bytes;
                return true;
            default:
                return false;
        }
    }
}
