using System.Buffers.Binary;

namespace IgsNetty.Fuzz;

/// <summary>Makes inputs of others: what afl-fuzz does without knowing coverage.</summary>
/// <param name="random">Chance.</param>
/// <param name="seeds">What to begin with, at least one.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> seeds)
{
    private const int MostChanges = 12;

    private static readonly uint[] Edges =
    [
        0, 1, 2, 3, 4, 7, 8, 9, 0x10, 0x20, 0x7F, 0x80, 0xFE, 0xFF, 0x100, 0x1000, 0x1001, 0x3FFF, 0x4000, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x10001,
        0x3FFF8, 0x3FFF9, 0xFFFFFF, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    public byte[] Next()
    {
        List<byte> bytes = [.. Any()];
        for (int left = random.Next(1, MostChanges + 1); left > 0; left--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        int at = random.Next(bytes.Count + 1);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.InsertRange(at, Noise(random.Next(1, 17)));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 17), bytes.Count - at));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                Number(bytes, at);
                break;
            case 6:
                Repeat(bytes, at);
                break;
            case 7:
                Splice(bytes, at);
                break;
            default:
                bytes.AddRange(Any());
                break;
        }
    }

    // A number that is at the edge of something, of one, two, three or four bytes, over what is there.
    private void Number(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, Edges[random.Next(Edges.Length)]);
        number = number[random.Next(4)..];
        for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    private void Repeat(List<byte> bytes, int at)
    {
        int count = Math.Min(random.Next(1, 65), bytes.Count - at);
        List<byte> piece = bytes.GetRange(at, count);
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            bytes.InsertRange(at, piece);
        }
    }

    private void Splice(List<byte> bytes, int at)
    {
        byte[] other = Any();
        int from = random.Next(other.Length + 1);
        bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)));
    }

    private byte[] Any() => seeds[random.Next(seeds.Count)];

    private byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
