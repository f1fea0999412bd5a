using DotNetty.Buffers;
using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Relay.Streams;

/// <summary>Keeps a piece of a receive buffer for a slow reader.</summary>
internal static class HeldBytes
{
    /// <summary>
    /// A slice when the piece is at least a quarter of the buffer, else a copy: a slice of a few bytes would keep the whole
    /// buffer from the pool, and memory would be four times what is counted at most.
    /// </summary>
    /// <param name="source">The buffer; the caller keeps its reference.</param>
    /// <param name="index">Where the piece begins.</param>
    /// <param name="count">Its bytes.</param>
    /// <returns>The bytes, with a reference of their own that goes to the caller.</returns>
    public static IByteBuffer Take(IByteBuffer source, int index, int count)
    {
        if (count >= source.Capacity / 4)
        {
            return source.RetainedSlice(index, count);
        }

        IByteBuffer copy = source.Allocator.Buffer(count, count);
        source.Span(index, count).CopyTo(copy.WritableSpan());
        return copy.SetWriterIndex(count);
    }
}
