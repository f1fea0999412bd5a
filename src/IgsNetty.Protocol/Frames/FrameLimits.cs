namespace IgsNetty.Protocol.Frames;

/// <summary>Numbers of docs/protocol.md §2 and §6 that both ends must keep to.</summary>
public static class FrameLimits
{
    /// <summary>The most the 24-bit length can say.</summary>
    public const int MaxPayload = 0xFF_FFFF;

    /// <summary>The least that a Hello may announce as its largest accepted payload.</summary>
    public const int MinAnnouncedPayload = 16 * 1024;

    /// <summary>The most a handshake frame may carry, so that nobody unproven makes a gateway hold more.</summary>
    public const int MaxHandshakePayload = 4096;

    /// <summary>The most a stream's credit may add up to, in bytes: 2^31 - 1.</summary>
    public const int MaxWindow = int.MaxValue;

    /// <summary>The least that a Hello may announce as initial window, in bytes.</summary>
    public const int MinInitialWindow = 16 * 1024;

    /// <summary>The largest datagram, in bytes: what UDP over IPv4 can carry.</summary>
    public const int MaxDatagram = 65507;
}
