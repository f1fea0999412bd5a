using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Options of an <see cref="EpollDatagramChannel"/>. Those of the socket are read from and written to the kernel at once; they
/// throw <see cref="System.Net.Sockets.SocketException"/> when the socket is closed.
/// </summary>
public sealed class EpollDatagramChannelConfiguration : DefaultChannelConfiguration
{
    private static readonly FixedRecvByteBufAllocator Unused = FixedRecvByteBufAllocator.Default;

    private readonly SocketDescriptor _socket;

    internal EpollDatagramChannelConfiguration(EpollDatagramChannel channel)
        : base(channel, Unused)
    {
        _socket = channel.Descriptor;
        Allocator = PooledByteBufferAllocator.Default;
    }

    /// <summary>SO_BROADCAST.</summary>
    public bool Broadcast
    {
        get => _socket.Get(SocketOption.Broadcast) != 0;
        set => _socket.Set(SocketOption.Broadcast, value ? 1 : 0);
    }

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

    /// <summary>SO_REUSEADDR; to be set before it is bound.</summary>
    public bool ReuseAddress
    {
        get => _socket.Get(SocketOption.ReuseAddress) != 0;
        set => _socket.Set(SocketOption.ReuseAddress, value ? 1 : 0);
    }

    /// <summary>SO_REUSEPORT: several sockets of this user bind the same address and the kernel spreads senders over them; to be set before.</summary>
    public bool ReusePort
    {
        get => _socket.Get(SocketOption.ReusePort) != 0;
        set => _socket.Set(SocketOption.ReusePort, value ? 1 : 0);
    }

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option) => option switch
    {
        _ when ChannelOption.SoBroadcast.Equals(option) => (T)(object)Broadcast,
        _ when ChannelOption.SoRcvbuf.Equals(option) => (T)(object)ReceiveBufferSize,
        _ when ChannelOption.SoSndbuf.Equals(option) => (T)(object)SendBufferSize,
        _ when ChannelOption.SoReuseaddr.Equals(option) => (T)(object)ReuseAddress,
        _ when ChannelOption.SoReuseport.Equals(option) => (T)(object)ReusePort,
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
            case bool on when ChannelOption.SoBroadcast.Equals(option):
                Broadcast = on;
                return true;
            case int bytes when ChannelOption.SoRcvbuf.Equals(option):
                ReceiveBufferSize = bytes;
                return true;
            case int bytes when ChannelOption.SoSndbuf.Equals(option):
                SendBufferSize = bytes;
                return true;
            case bool on when ChannelOption.SoReuseaddr.Equals(option):
                ReuseAddress = on;
                return true;
            case bool on when ChannelOption.SoReuseport.Equals(option):
                ReusePort = on;
                return true;
            default:
                return false;
        }
    }
}
