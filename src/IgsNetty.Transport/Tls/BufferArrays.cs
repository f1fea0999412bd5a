using DotNetty.Buffers;

namespace IgsNetty.Transport.Tls;

/// <summary>The array behind a buffer: all that the relay's allocator makes have one.</summary>
internal static class BufferArrays
{
    public static Span<byte> ArraySpan(this IByteBuffer buffer, int index, int count) => new(buffer.Array, buffer.ArrayOffset + index, count);

    public static Memory<byte> WritableMemory(this IByteBuffer buffer) =>
        new(buffer.Array, buffer.ArrayOffset + buffer.WriterIndex, buffer.WritableBytes);
}
