using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>What a UDP flow is opened with at the calling side.</summary>
public sealed record FlowRequest
{
    /// <summary>The caller's address.</summary>
    public required UdpAddress Client { get; init; }

    /// <summary>Who calls, for the access rules of this gateway: <c>local</c> or <c>user:NAME</c>.</summary>
    public required string From { get; init; }

    /// <summary>A peer's name, or <c>direct</c>.</summary>
    public required string Via { get; init; }

    /// <summary>Where its first datagram goes, and every one that names no other target.</summary>
    public required TargetAddress Target { get; init; }

    /// <summary>Response timeout, 1 s and more, and reply filter.</summary>
    public required DatagramOptions Options { get; init; }
}
