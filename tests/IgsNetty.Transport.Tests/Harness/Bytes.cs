using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Payloads that show a byte that is lost, doubled or out of place.</summary>
internal static class Bytes
{
    /// <summary>More than any socket takes without being read.</summary>
    public static byte[] Bulk { get; } = Random(32 << 20, seed: 99);

    public static byte[] Random(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static void AssertSame(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual)
    {
        int same = expected.Span.CommonPrefixLength(actual.Span);
        Assert.True(
            expected.Length == actual.Length && same == expected.Length,
            $"{actual.Length} bytes came of {expected.Length}; they are the same up to {same}");
    }

    public static void AssertPrefix(ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> actual)
    {
        Assert.True(actual.Length <= whole.Length, $"{actual.Length} bytes came of {whole.Length}");
        AssertSame(whole[..actual.Length], actual);
    }
}
