using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>Announces a new stream and where it goes (docs/protocol.md §6). Data may follow without waiting.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="ReplyFilter">For UDP, whose datagrams are replies. <see cref="Values.ReplyFilter.Address"/> (0) for TCP.</param>
/// <param name="UdpResponseTimeoutSeconds">For UDP, how long the called side waits for replies, 1 and more. 0 for TCP.</param>
/// <param name="Window">Credit, in bytes, that the acceptor starts with towards the opener. 0 for UDP.</param>
/// <param name="Target">The called application. Required.</param>
/// <param name="Caller">The calling application's address, or null when it is not told.</param>
public sealed record OpenStream(
    StreamProtocol Protocol,
    ReplyFilter ReplyFilter,
    ushort UdpResponseTimeoutSeconds,
    int Window,
    TargetAddress Target,
    TargetAddress? Caller)
{
    /// <summary>Announces a TCP stream.</summary>
    public static OpenStream Tcp(int window, TargetAddress target, TargetAddress? caller) =>
        new(StreamProtocol.Tcp, ReplyFilter.Address, 0, window, target, caller);

    /// <summary>Announces a UDP flow.</summary>
    public static OpenStream Udp(ReplyFilter filter, int responseTimeoutSeconds, TargetAddress target, TargetAddress? caller) =>
        new(StreamProtocol.Udp, filter, (ushort)responseTimeoutSeconds, 0, target, caller);
}
