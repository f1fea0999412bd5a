using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>
/// The bytes that tests transfer: a random block over and over. Its length is a prime, so no frame, buffer or window size
/// divides it, and a piece that is lost, doubled or misplaced changes the hash.
/// </summary>
internal static class Payload
{
    private const int BlockLength = 1_048_573;

    private static readonly byte[] Block = MakeBlock();
    private static readonly ConcurrentDictionary<long, string> Hashes = new();

    /// <summary>The longest run of bytes from here that lies in one piece, at most <paramref name="most"/>.</summary>
    public static ReadOnlyMemory<byte> At(long offset, long most)
    {
        int start = (int)(offset % BlockLength);
        return Block.AsMemory(start, (int)Math.Min(most, BlockLength - start));
    }

    /// <summary>The first bytes of it; up to a block.</summary>
    public static ReadOnlyMemory<byte> First(int length) => Block.AsMemory(0, length);

    /// <summary>SHA-256 of the first <paramref name="length"/> bytes, in lower-case hex.</summary>
    public static string Sha256(long length) => Hashes.GetOrAdd(length, static count =>
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long done = 0; done < count;)
        {
            ReadOnlyMemory<byte> part = At(done, count - done);
            hash.AppendData(part.Span);
            done += part.Length;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    });

    private static byte[] MakeBlock()
    {
        byte[] block = new byte[BlockLength];
        new Random(22280).NextBytes(block);
        return block;
    }
}
