using System.Net.NetworkInformation;
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

    /// <summary>IP_TOS, or IPV6_TCLASS of an IPv6 socket, which then sets IP_TOS too.</summary>
    public int TrafficClass
    {
        get => _socket.Get(IsIPv6 ? SocketOption.TrafficClass6 : SocketOption.TypeOfService);
        set => SetBoth(SocketOption.TypeOfService, SocketOption.TrafficClass6, value);
    }

    /// <summary>IP_MULTICAST_TTL: the hops of datagrams to a group. 0: they do not leave the machine; 1: they stay in its network.</summary>
    public int TimeToLive
    {
        get => _socket.Get(IsIPv6 ? SocketOption.MulticastTimeToLive6 : SocketOption.MulticastTimeToLive);
        set => SetBoth(SocketOption.MulticastTimeToLive, SocketOption.MulticastTimeToLive6, value);
    }

    /// <summary>Not IP_MULTICAST_LOOP: true keeps datagrams to a group from the receivers of this machine.</summary>
    public bool LoopbackModeDisabled
    {
        get => _socket.Get(IsIPv6 ? SocketOption.MulticastLoop6 : SocketOption.MulticastLoop) == 0;
        set => SetBoth(SocketOption.MulticastLoop, SocketOption.MulticastLoop6, value ? 0 : 1);
    }

    /// <summary>IP_MULTICAST_IF: where datagrams to a group leave; null until it is set, when the kernel chooses by its routes.</summary>
    public NetworkInterface? NetworkInterface
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            SetInterface(MulticastRequest.IndexOf(value, IsIPv6));
            field = value;
        }
    }

    private bool IsIPv6 => _socket.Family == Libc.Inet6;

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option) => option switch
    {
        _ when ChannelOption.SoBroadcast.Equals(option) => (T)(object)Broadcast,
        _ when ChannelOption.SoRcvbuf.Equals(option) => (T)(object)ReceiveBufferSize,
        _ when ChannelOption.SoSndbuf.Equals(option) => (T)(object)SendBufferSize,
        _ when ChannelOption.SoReuseaddr.Equals(option) => (T)(object)ReuseAddress,
        _ when ChannelOption.SoReuseport.Equals(option) => (T)(object)ReusePort,
        _ when ChannelOption.IpTos.Equals(option) => (T)(object)TrafficClass,
        _ when ChannelOption.IpMulticastTtl.Equals(option) => (T)(object)TimeToLive,
        _ when ChannelOption.IpMulticastLoopDisabled.Equals(option) => (T)(object)LoopbackModeDisabled,
        _ when ChannelOption.IpMulticastIf.Equals(option) => (T)(object?)NetworkInterface!,
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
            case int service when ChannelOption.IpTos.Equals(option):
                TrafficClass = service;
                return true;
            case int hops when ChannelOption.IpMulticastTtl.Equals(option):
                TimeToLive = hops;
                return true;
            case bool isDisabled when ChannelOption.IpMulticastLoopDisabled.Equals(option):
                LoopbackModeDisabled = isDisabled;
                return true;
            case NetworkInterface networkInterface when ChannelOption.IpMulticastIf.Equals(option):
                NetworkInterface = networkInterface;
                return true;
            default:
                return false;
        }
    }

    // An IPv6 socket sends IPv4 datagrams too, with IPv4's own options.
    private void SetBoth(SocketOption four, SocketOption six, int value)
    {
        _socket.Set(four, value);
        if (IsIPv6)
        {
            _socket.Set(six, value);
        }
    }

    private unsafe void SetInterface(int index)
    {
        int* request = stackalloc int[3] { 0, 0, index }; // struct ip_mreqn: group, own address, interface
        _socket.Set(SocketOption.MulticastInterface, (byte*)request, 3 * sizeof(int));
        if (IsIPv6)
        {
            _socket.Set(SocketOption.MulticastInterface6, index);
        }
    }
}
