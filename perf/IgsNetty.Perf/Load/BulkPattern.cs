namespace IgsNetty.Perf.Load;

/// <summary>
/// What bulk streams carry: the same random bytes over and over, each stream beginning elsewhere in them, so that bytes
/// which were lost, doubled, or sent on another stream do not match.
/// </summary>
internal static class BulkPattern
{
    /// <summary>The most that <see cref="From"/> returns at once.</summary>
    public const int ChunkSize = 256 * 1024;

    private const int Period = ChunkSize;

    /// <summary>A prime, so that the streams' beginnings fall on different offsets.</summary>
    private const long StreamDistance = 4099;

    /// <summary>Bytes compared at each end of a received chunk; to compare all of them would slow the load generator.</summary>
    private const int Looked = 64;

    private static readonly byte[] TwoPeriods = CreateTwoPeriods();

    /// <summary>At most <paramref name="most"/> bytes that stand at <paramref name="position"/> of the stream.</summary>
    public static ReadOnlySpan<byte> From(int stream, long position, int most = ChunkSize) =>
        TwoPeriods.AsSpan((int)((stream * StreamDistance + position) % Period), Math.Min(most, ChunkSize));

    public static bool Matches(int stream, long position, ReadOnlySpan<byte> chunk)
    {
        int looked = Math.Min(Looked, chunk.Length);
        return chunk[..looked].SequenceEqual(From(stream, position, looked))
            && chunk[^looked..].SequenceEqual(From(stream, position + chunk.Length - looked, looked));
    }

    private static byte[] CreateTwoPeriods()
    {
        byte[] bytes = new byte[2 * Period];
        new Random(20304).NextBytes(bytes.AsSpan(0, Period));
        bytes.AsSpan(0, Period).CopyTo(bytes.AsSpan(Period));
        return bytes;
    }
}
