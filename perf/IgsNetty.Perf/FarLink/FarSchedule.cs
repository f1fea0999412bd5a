using System.Buffers.Binary;

namespace IgsNetty.Perf.FarLink;

/// <summary>
/// When each packet of one way of a far link arrives, if it does: the rate, the queue before it, the loss, and the delay. It knows
/// no clock; times are ticks of whatever clock the caller has.
/// </summary>
/// <param name="path">What the link is like.</param>
/// <param name="ticksPerSecond">Of the clock.</param>
/// <param name="random">Decides which packets are lost.</param>
internal sealed class FarSchedule(FarPath path, long ticksPerSecond, Random random)
{
    /// <summary>Of IP and TCP, which each segment has on the wire.</summary>
    private const int SegmentHeader = 52;

    private const int SegmentSizeOffset = 4;

    /// <summary>A burst fits into the queue of a link that has hardly a delay.</summary>
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(20);

    private readonly double _ticksPerByte = ticksPerSecond * 8 / path.BitsPerSecond;
    private readonly long _delay = Ticks(path.RoundTrip / 2, ticksPerSecond);

    /// <summary>As routers have it: what one round trip carries.</summary>
    private readonly long _longestQueue = Ticks(path.RoundTrip < LeastQueue ? LeastQueue : path.RoundTrip, ticksPerSecond);

    /// <summary>When the last packet that was taken has left.</summary>
    private long _free;

    /// <summary>A packet has come.</summary>
    /// <param name="now">Not before that of the last one.</param>
    /// <param name="bytes">On the wire.</param>
    /// <returns>When it arrives; null when it is lost, or the queue is full.</returns>
    public long? Take(long now, int bytes)
    {
        long free = Math.Max(now, _free);
        if (free - now > _longestQueue || (path.Loss > 0 && random.NextDouble() < path.Loss))
        {
            return null;
        }

        _free = free + (long)(bytes * _ticksPerByte);
        return _free + _delay;
    }

    /// <summary>Segments that came as one go over the wire one by one, each with its headers.</summary>
    /// <param name="read">As a <see cref="TunDevice"/> gives it: the kernel's header, and the packet.</param>
    public static int BytesOnWire(ReadOnlySpan<byte> read)
    {
        int packet = read.Length - TunDevice.HeaderSize;
        int segment = BinaryPrimitives.ReadUInt16LittleEndian(read[SegmentSizeOffset..]);
        int more = segment == 0 ? 0 : Math.Max(0, packet - SegmentHeader - 1) / segment;
        return packet + (more * SegmentHeader);
    }

    private static long Ticks(TimeSpan time, long ticksPerSecond) => (long)(time.TotalSeconds * ticksPerSecond);
}
