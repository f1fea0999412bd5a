using System.Buffers.Binary;

namespace IgsNetty.Perf.Load;

/// <summary>
/// What a datagram that is not echoed begins with: a number below zero, which is the load run's, so that a late one does not count for
/// the next run. Echoed ones begin with a number above zero. Big-endian.
/// </summary>
internal static class OneWayDatagram
{
    public const int HeaderSize = sizeof(long);

    private static long _runs;

    /// <returns>The number of a new load run.</returns>
    public static long NextRun() => Interlocked.Decrement(ref _runs);

    /// <returns>A datagram of a load run.</returns>
    public static byte[] Create(long run, int size)
    {
        byte[] datagram = new byte[size];
        BulkPattern.From(stream: 0, position: 0, size).CopyTo(datagram);
        BinaryPrimitives.WriteInt64BigEndian(datagram, run);
        return datagram;
    }

    /// <returns>The number of its load run; null if it is to be echoed.</returns>
    public static long? RunOf(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderSize && BinaryPrimitives.ReadInt64BigEndian(datagram) is < 0 and { } run ? run : null;

    /// <summary>Whether it is what was sent.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> datagram, int size) =>
        datagram.Length == size && datagram[HeaderSize..].SequenceEqual(BulkPattern.From(stream: 0, HeaderSize, size - HeaderSize));
}
