using System.Buffers.Binary;

namespace IgsNetty.Perf.Load;

/// <summary>The last bytes of every bulk stream, sent by the target: what it counted. Big-endian.</summary>
/// <param name="Received">Bytes of the client that arrived; negative when they were wrong: -1 - the first wrong chunk's position.</param>
/// <param name="Sent">Bytes that the target sent before this answer.</param>
internal readonly record struct BulkAnswer(long Received, long Sent)
{
    public const int Size = 2 * sizeof(long);

    public static BulkAnswer Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Received);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long)), Sent);
        return bytes;
    }

    /// <exception cref="PerfException">The two ends do not agree.</exception>
    public void Check(long sentByClient, long receivedByClient)
    {
        if (Received < 0)
        {
            throw new PerfException($"what the target received near byte {-1 - Received} is not what was sent");
        }

        CheckCount(sentByClient, Received);
        CheckCount(Sent, receivedByClient);
    }

    private static void CheckCount(long sent, long received)
    {
        if (sent != received)
        {
            throw new PerfException($"{sent} bytes were sent, {received} received");
        }
    }
}
