namespace IgsNetty.Relay;

/// <summary>The <c>Limits</c> section: what one gateway lets its peers and callers use.</summary>
public sealed record RelayLimits
{
    /// <summary>Streams a peer may have open on one link at a time (1 to 1,048,576). Announced in Hello.</summary>
    public int StreamsPerLink { get; init; } = 65536;

    /// <summary>Payload bytes, in MiB, that the whole gateway may hold for slow readers (16 to 1,048,576).</summary>
    public int MemoryMiB { get; init; } = 512;

    /// <summary>Streams a peer may open per second, with a burst of the same size (1 to 10,000,000). More are refused.</summary>
    public int OpensPerSecondPerPeer { get; init; } = 20000;

    /// <summary>Links that one peer may have here at a time (1 to 65,536). More are closed.</summary>
    public int LinksPerPeer { get; init; } = 128;

    /// <summary>
    /// Connections to the link port, and as many to the proxy port, that have proven nothing yet (16 to 1,048,576). One more,
    /// and the oldest of them is reset.
    /// </summary>
    public int PendingHandshakes { get; init; } = 8192;

    /// <summary>The same for one address (1 to 1,048,576); of IPv6, for one 64-bit prefix.</summary>
    public int PendingHandshakesPerAddress { get; init; } = 2048;

    /// <summary>Total time for the handshake of a link, or of a SOCKS5 or HTTP CONNECT caller, in seconds (1 to 300).</summary>
    public int HandshakeSeconds { get; init; } = 10;

    /// <summary>Total time to resolve and connect to a target, over all its addresses, in seconds (1 to 300).</summary>
    public int ConnectSeconds { get; init; } = 10;

    /// <summary>How long a call waits for a link to its peer while there is none, in seconds (0 to 300; 0: it fails at once).</summary>
    public int LinkWaitSeconds { get; init; } = 5;

    /// <summary>How long a stream that has ended in one direction may stay silent in the other, in seconds (1 to 86,400).</summary>
    public int HalfCloseLingerSeconds { get; init; } = 300;

    /// <summary>UDP flows that callers may have open here at a time, and reply ports that peers may (1 to 1,048,576).</summary>
    public int UdpFlows { get; init; } = 65536;

    /// <summary>UDP flows that one client address may have open here at a time (1 to 1,048,576). More are refused.</summary>
    public int UdpFlowsPerClient { get; init; } = 32768;

    /// <summary>Reply ports that one peer may have open here at a time (1 to 1,048,576). More are refused.</summary>
    public int UdpFlowsPerPeer { get; init; } = 32768;
}
