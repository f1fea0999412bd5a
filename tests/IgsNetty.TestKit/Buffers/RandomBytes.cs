namespace IgsNetty.TestKit.Buffers;

/// <summary>Bytes that are the same in every run.</summary>
public static class RandomBytes
{
    public static byte[] Make(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
