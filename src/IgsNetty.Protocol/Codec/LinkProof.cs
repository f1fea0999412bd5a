using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IgsNetty.Protocol.Codec;

/// <summary>
/// The proof in Authenticate (docs/protocol.md §5): HMAC-SHA256 under the shared key over the role and both Hello
/// payloads, so it is bound to both names, both nonces, and everything else the two ends announced. Pure.
/// </summary>
public static class LinkProof
{
    /// <summary>Bytes of a proof.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <param name="key">The shared key.</param>
    /// <param name="byDialler">Whose proof: the two ends' proofs differ, so neither can be played back at its maker.</param>
    /// <param name="diallerHello">Payload of the dialler's Hello.</param>
    /// <param name="listenerHello">Payload of the listener's Hello.</param>
    public static byte[] Compute(ReadOnlySpan<byte> key, bool byDialler, ReadOnlySpan<byte> diallerHello, ReadOnlySpan<byte> listenerHello)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(byDialler ? "IgsNetty 1 dialler "u8 : "IgsNetty 1 listener"u8);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, diallerHello.Length);
        hash.AppendData(length);
        hash.AppendData(diallerHello);
        BinaryPrimitives.WriteInt32BigEndian(length, listenerHello.Length);
        hash.AppendData(length);
        hash.AppendData(listenerHello);
        return hash.GetHashAndReset();
    }

    /// <summary>Compares two proofs in a time that tells nothing about where they differ.</summary>
    public static bool Matches(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> given) =>
        CryptographicOperations.FixedTimeEquals(expected, given);
}
