using DotNetty.Buffers;

namespace IgsNetty.Relay.Pipeline;

/// <summary>Spans over array-backed buffers: all that the relay's allocator makes are.</summary>
internal static class BufferSpans
{
    /// <summary>The readable bytes.</summary>
    public static Span<byte> Span(this IByteBuffer buffer) => Span(buffer, buffer.ReaderIndex, buffer.ReadableBytes);

    /// <summary>The bytes after the writer index.</summary>
    public static Span<byte> WritableSpan(this IByteBuffer buffer) => Span(buffer, buffer.WriterIndex, buffer.WritableBytes);

    public static Span<byte> Span(this IByteBuffer buffer, int index, int count) =>
        new(buffer.Array, buffer.ArrayOffset + index, count);
}
