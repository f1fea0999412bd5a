using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll;

/// <summary>Options of Linux's sockets, beside those of <see cref="ChannelOption"/>. See tcp(7).</summary>
public static class EpollChannelOption
{
    /// <summary>TCP_NOTSENT_LOWAT: a socket counts as writable while no more than these bytes wait to be sent; 0: the system's value.</summary>
    public static ChannelOption<int> TcpNotSentLowWaterMark { get; } = ChannelOption.ValueOf<int>("TCP_NOTSENT_LOWAT");

    /// <summary>TCP_USER_TIMEOUT: how long sent bytes may stay unacknowledged before the connection is given up; zero: the system's value.</summary>
    public static ChannelOption<TimeSpan> TcpUserTimeout { get; } = ChannelOption.ValueOf<TimeSpan>("TCP_USER_TIMEOUT");

    /// <summary>TCP_QUICKACK: acknowledge at once. The kernel may fall back by itself.</summary>
    public static ChannelOption<bool> TcpQuickAck { get; } = ChannelOption.ValueOf<bool>("TCP_QUICKACK");

    /// <summary>TCP_INFO: what the kernel knows of the connection. To be read only.</summary>
    public static ChannelOption<TcpInfo> TcpInfo { get; } = ChannelOption.ValueOf<TcpInfo>("TCP_INFO");
}
