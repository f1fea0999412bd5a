using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Options of an <see cref="EpollSocketChannel"/>. Those of the socket are read from and written to the kernel at once; they
/// throw <see cref="System.Net.Sockets.SocketException"/> when the socket is closed or does not have the option.
/// </summary>
public sealed unsafe class EpollSocketChannelConfiguration : DefaultChannelConfiguration, ISocketChannelConfiguration
{
    private static readonly AdaptiveRecvByteBufAllocator Adaptive = new();

    private readonly SocketDescriptor _socket;

    internal EpollSocketChannelConfiguration(EpollSocketChannel channel)
        : base(channel, Adaptive)
    {
        _socket = channel.Descriptor;
        Allocator = PooledByteBufferAllocator.Default;
    }

    /// <summary>False: the peer's end closes the channel, as DotNetty's own do.</summary>
    public bool AllowHalfClosure { get; set; }

    /// <summary>SO_RCVBUF, bytes. The kernel keeps twice of what is set, for its own needs, and gives that back.</summary>
    public int ReceiveBufferSize
    {
        get => _socket.Get(SocketOption.ReceiveBuffer);
        set => _socket.Set(SocketOption.ReceiveBuffer, value);
    }

    /// <summary>SO_SNDBUF, bytes. The kernel keeps twice of what is set, for its own needs, and gives that back.</summary>
    public int SendBufferSize
    {
        get => _socket.Get(SocketOption.SendBuffer);
        set => _socket.Set(SocketOption.SendBuffer, value);
    }

    /// <summary>SO_LINGER, seconds; -1: off; 0: a close sends RST.</summary>
    public int Linger
    {
        get => _socket.GetLinger();
        set => _socket.SetLinger(value);
    }

    /// <summary>SO_KEEPALIVE.</summary>
    public bool KeepAlive
    {
        get => _socket.Get(SocketOption.KeepAlive) != 0;
        set => _socket.Set(SocketOption.KeepAlive, value ? 1 : 0);
    }

    /// <summary>SO_REUSEADDR.</summary>
    public bool ReuseAddress
    {
        get => _socket.Get(SocketOption.ReuseAddress) != 0;
        set => _socket.Set(SocketOption.ReuseAddress, value ? 1 : 0);
    }

    /// <summary>TCP_NODELAY; on unless it is switched off.</summary>
    public bool TcpNoDelay
    {
        get => _socket.Family != Libc.Unix && _socket.Get(SocketOption.NoDelay) != 0;
        set
        {
            if (_socket.Family != Libc.Unix)
            {
                _socket.Set(SocketOption.NoDelay, value ? 1 : 0);
            }
        }
    }

    /// <inheritdoc cref="EpollChannelOption.TcpNotSentLowWaterMark"/>
    public int TcpNotSentLowWaterMark
    {
        get => _socket.Get(SocketOption.NotSentLowWaterMark);
        set => _socket.Set(SocketOption.NotSentLowWaterMark, value);
    }

    /// <inheritdoc cref="EpollChannelOption.TcpUserTimeout"/>
    public TimeSpan TcpUserTimeout
    {
        get => TimeSpan.FromMilliseconds(_socket.Get(SocketOption.UserTimeout));
        set => _socket.Set(SocketOption.UserTimeout, (int)value.TotalMilliseconds);
    }

    /// <inheritdoc cref="EpollChannelOption.TcpQuickAck"/>
    public bool TcpQuickAck
    {
        get => _socket.Get(SocketOption.QuickAck) != 0;
        set => _socket.Set(SocketOption.QuickAck, value ? 1 : 0);
    }

    /// <inheritdoc cref="EpollChannelOption.TcpInfo"/>
    public TcpInfo TcpInfo
    {
        get
        {
            byte* native = stackalloc byte[TcpInfo.Size];
            _socket.Get(SocketOption.TcpInfo, native, TcpInfo.Size);
            return TcpInfo.Read(new ReadOnlySpan<byte>(native, TcpInfo.Size));
        }
    }

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option) => option switch
    {
        _ when ChannelOption.AllowHalfClosure.Equals(option) => (T)(object)AllowHalfClosure,
        _ when ChannelOption.SoRcvbuf.Equals(option) => (T)(object)ReceiveBufferSize,
        _ when ChannelOption.SoSndbuf.Equals(option) => (T)(object)SendBufferSize,
        _ when ChannelOption.SoLinger.Equals(option) => (T)(object)Linger,
        _ when ChannelOption.SoKeepalive.Equals(option) => (T)(object)KeepAlive,
        _ when ChannelOption.SoReuseaddr.Equals(option) => (T)(object)ReuseAddress,
        _ when ChannelOption.TcpNodelay.Equals(option) => (T)(object)TcpNoDelay,
        _ when EpollChannelOption.TcpNotSentLowWaterMark.Equals(option) => (T)(object)TcpNotSentLowWaterMark,
        _ when EpollChannelOption.TcpUserTimeout.Equals(option) => (T)(object)TcpUserTimeout,
        _ when EpollChannelOption.TcpQuickAck.Equals(option) => (T)(object)TcpQuickAck,
        _ when EpollChannelOption.TcpInfo.Equals(option) => (T)(object)TcpInfo,
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
            case bool on when ChannelOption.AllowHalfClosure.Equals(option):
                AllowHalfClosure = on;
                return true;
            case int bytes when ChannelOption.SoRcvbuf.Equals(option):
                ReceiveBufferSize = bytes;
                return true;
            case int bytes when ChannelOption.SoSndbuf.Equals(option):
                SendBufferSize = bytes;
                return true;
            case int seconds when ChannelOption.SoLinger.Equals(option):
                Linger = seconds;
                return true;
            case bool on when ChannelOption.SoKeepalive.Equals(option):
                KeepAlive = on;
                return true;
            case bool on when ChannelOption.SoReuseaddr.Equals(option):
                ReuseAddress = on;
                return true;
            case bool on when ChannelOption.TcpNodelay.Equals(option):
                TcpNoDelay = on;
                return true;
            case int bytes when EpollChannelOption.TcpNotSentLowWaterMark.Equals(option):
                TcpNotSentLowWaterMark = bytes;
                return true;
            case TimeSpan limit when EpollChannelOption.TcpUserTimeout.Equals(option):
                TcpUserTimeout = limit;
                return true;
            case bool on when EpollChannelOption.TcpQuickAck.Equals(option):
                TcpQuickAck = on;
                return true;
            default:
                return false;
        }
    }
}
