using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>Announces a new stream and where it goes (docs/protocol.md §6). Data may follow without waiting.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="UdpResponseTimeoutSeconds">For UDP, how long the called side waits for replies; 0: not at all. 0 for TCP.</param>
/// <param name="Window">Credit, in bytes, that the acceptor starts with towards the opener.</param>
/// <param name="Target">The called application. Required.</param>
/// <param name="Caller">The calling application's address, or null when it is not told.</param>
public sealed record OpenStream(
    StreamProtocol Protocol,
    ushort UdpResponseTimeoutSeconds,
    int Window,
    TargetAddress Target,
    TargetAddress? Caller);
