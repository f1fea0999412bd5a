namespace IgsNetty.Transport.Epoll.Native;

/// <summary>A socket option of Linux: its level and its number.</summary>
internal readonly record struct SocketOption(int Level, int Number)
{
    private const int Ip = 0;
    private const int Socket = 1;
    private const int Tcp = 6;
    private const int Udp = 17;
    private const int Ip6 = 41;

    public static SocketOption ReuseAddress => new(Socket, 2);

    public static SocketOption Error => new(Socket, 4);

    public static SocketOption SendBuffer => new(Socket, 7);

    public static SocketOption ReceiveBuffer => new(Socket, 8);

    public static SocketOption KeepAlive => new(Socket, 9);

    public static SocketOption Broadcast => new(Socket, 6);

    /// <summary>Urgent bytes stay in the stream.</summary>
    public static SocketOption UrgentInline => new(Socket, 10);

    public static SocketOption Linger => new(Socket, 13);

    public static SocketOption ReusePort => new(Socket, 15);

    /// <summary>Which buffers keep the size that was set (SO_BUF_LOCK); 0: none, the kernel sizes them. Since Linux 5.14.</summary>
    public static SocketOption BufferLock => new(Socket, 72);

    public static SocketOption NoDelay => new(Tcp, 1);

    public static SocketOption TcpInfo => new(Tcp, 11);

    public static SocketOption QuickAck => new(Tcp, 12);

    /// <summary>Milliseconds that sent bytes may stay unacknowledged.</summary>
    public static SocketOption UserTimeout => new(Tcp, 18);

    /// <summary>Bytes not yet sent up to which a socket counts as writable.</summary>
    public static SocketOption NotSentLowWaterMark => new(Tcp, 25);

    /// <summary>The size into which one sending is cut (GSO).</summary>
    public static SocketOption UdpSegment => new(Udp, 103);

    /// <summary>Datagrams may come joined (GRO).</summary>
    public static SocketOption UdpReceiveOffload => new(Udp, 104);

    public static SocketOption TypeOfService => new(Ip, 1);

    public static SocketOption PacketInfo => new(Ip, 8);

    public static SocketOption ReceiveError => new(Ip, 11);

    /// <summary>struct ip_mreqn when it is set, an address when it is read.</summary>
    public static SocketOption MulticastInterface => new(Ip, 32);

    public static SocketOption MulticastTimeToLive => new(Ip, 33);

    public static SocketOption MulticastLoop => new(Ip, 34);

    public static SocketOption MulticastInterface6 => new(Ip6, 17);

    public static SocketOption MulticastTimeToLive6 => new(Ip6, 18);

    public static SocketOption MulticastLoop6 => new(Ip6, 19);

    public static SocketOption ReceiveError6 => new(Ip6, 25);

    public static SocketOption OnlyIPv6 => new(Ip6, 26);

    public static SocketOption ReceivePacketInfo6 => new(Ip6, 49);

    public static SocketOption PacketInfo6 => new(Ip6, 50);

    public static SocketOption TrafficClass6 => new(Ip6, 67);

    /// <summary>MCAST_JOIN_GROUP and the like: see <see cref="MulticastRequest"/>.</summary>
    public static SocketOption Membership(bool isIPv6, bool isJoin, bool isOfOneSource) =>
        new(isIPv6 ? Ip6 : Ip, (isJoin, isOfOneSource) switch { (true, false) => 42, (false, false) => 45, (true, true) => 46, _ => 47 });
}
