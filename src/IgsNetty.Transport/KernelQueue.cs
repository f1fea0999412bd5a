using System.Runtime.InteropServices;

namespace IgsNetty.Transport;

/// <summary>What Linux still has of the bytes that a TCP socket has sent (struct tcp_info of TCP_INFO).</summary>
public static class KernelQueue
{
    /// <summary>Bytes to ask for.</summary>
    public const int InfoSize = 256;

    private const int Closed = 7; // TCP_CLOSE
    private const int SegmentSizeAt = 16;
    private const int UnacknowledgedAt = 24;
    private const int NotSentAt = 144;

    /// <param name="info">As the kernel wrote it; zeros behind what it knows.</param>
    /// <returns>
    /// About the bytes that have not left or that the peer's system has not acknowledged; 0 only when there are none, and when the
    /// connection is gone.
    /// </returns>
    public static long Unacknowledged(ReadOnlySpan<byte> info) =>
        info[0] == Closed ? 0 : Field(info, NotSentAt) + ((long)Field(info, UnacknowledgedAt) * Math.Max(Field(info, SegmentSizeAt), 1));

    private static int Field(ReadOnlySpan<byte> info, int at) => MemoryMarshal.Read<int>(info[at..]);
}
