using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll;

/// <summary>The part of Linux's struct tcp_info that tells how a connection fares. Fields a kernel does not know yet are 0.</summary>
/// <param name="RoundTripTime">Smoothed.</param>
/// <param name="RoundTripVariation">Of the round trip time.</param>
/// <param name="LeastRoundTripTime">Seen lately; zero: none yet.</param>
/// <param name="RetransmitTimeout">Now.</param>
/// <param name="SendSegmentSize">Bytes (MSS).</param>
/// <param name="CongestionWindow">Segments.</param>
/// <param name="Retransmits">Segments sent again since the start.</param>
/// <param name="UnacknowledgedSegments">Segments on their way.</param>
/// <param name="NotSentBytes">Bytes that wait in the kernel to be sent.</param>
public readonly record struct TcpInfo(
    TimeSpan RoundTripTime,
    TimeSpan RoundTripVariation,
    TimeSpan LeastRoundTripTime,
    TimeSpan RetransmitTimeout,
    int SendSegmentSize,
    int CongestionWindow,
    int Retransmits,
    int UnacknowledgedSegments,
    int NotSentBytes)
{
    internal const int Size = 256;

    private const int RetransmitTimeoutAt = 8;
    private const int SendSegmentSizeAt = 16;
    private const int UnacknowledgedAt = 24;
    private const int RoundTripTimeAt = 68;
    private const int RoundTripVariationAt = 72;
    private const int CongestionWindowAt = 80;
    private const int RetransmitsAt = 100;
    private const int NotSentBytesAt = 144;
    private const int LeastRoundTripTimeAt = 148;

    /// <param name="native">As the kernel wrote it; zeros behind what it knows.</param>
    internal static TcpInfo Read(ReadOnlySpan<byte> native) => new(
        Time(native, RoundTripTimeAt),
        Time(native, RoundTripVariationAt),
        Field(native, LeastRoundTripTimeAt) == -1 ? TimeSpan.Zero : Time(native, LeastRoundTripTimeAt),
        Time(native, RetransmitTimeoutAt),
        Field(native, SendSegmentSizeAt),
        Field(native, CongestionWindowAt),
        Field(native, RetransmitsAt),
        Field(native, UnacknowledgedAt),
        Field(native, NotSentBytesAt));

    private static int Field(ReadOnlySpan<byte> native, int at) => MemoryMarshal.Read<int>(native[at..]);

    private static TimeSpan Time(ReadOnlySpan<byte> native, int at) => TimeSpan.FromMicroseconds((uint)Field(native, at));
}
