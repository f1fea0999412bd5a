namespace IgsNetty.TestKit.Wire;

/// <summary>Ways in which a network may cut a stream of bytes.</summary>
public static class Splits
{
    public static IEnumerable<byte[]> ByteByByte(byte[] bytes) => bytes.Select(b => new[] { b });

    /// <summary>In two, at every place, the ends included (then in one).</summary>
    public static IEnumerable<byte[][]> InTwo(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            yield return cut == 0 ? [bytes] : [bytes[..cut], bytes[cut..]];
        }
    }

    /// <summary>In pieces of 1 to <paramref name="most"/> bytes.</summary>
    public static IEnumerable<byte[]> AtRandom(byte[] bytes, Random random, int most)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(random);
        for (int done = 0; done < bytes.Length;)
        {
            int size = Math.Min(random.Next(1, most + 1), bytes.Length - done);
            yield return bytes[done..(done + size)];
            done += size;
        }
    }
}
