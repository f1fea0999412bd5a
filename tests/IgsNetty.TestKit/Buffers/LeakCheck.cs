using DotNetty.Buffers;

namespace IgsNetty.TestKit.Buffers;

/// <summary>
/// An allocator whose every buffer must have been given back when the test ends. Its buffers are not pooled, so one that
/// is released twice throws instead of hitting somebody else's. Fresh buffers are full of a pattern: what was never
/// written is seen when it is sent.
/// </summary>
public sealed class LeakCheck : AbstractByteBufferAllocator
{
    private const byte Unwritten = 0xDD;

    private readonly List<TrackedBuffer> _buffers = [];

    public LeakCheck()
        : base(preferDirect: false)
    {
    }

    /// <summary>Buffers handed out so far.</summary>
    public int Allocations => _buffers.Count;

    /// <summary>Bytes of the buffers that are in use.</summary>
    public long BytesInUse => _buffers.Where(buffer => buffer.ReferenceCount > 0).Sum(buffer => (long)buffer.Size);

    /// <summary>There is no memory for a buffer of this capacity.</summary>
    public int? MissingCapacity { get; set; }

    public override bool IsDirectBufferPooled => false;

    /// <summary>A buffer with these bytes, and room for a frame header in front of them.</summary>
    public IByteBuffer Holding(ReadOnlySpan<byte> bytes, int headroom = 8)
    {
        IByteBuffer buffer = Buffer(headroom + bytes.Length).SetIndex(headroom, headroom);
        return buffer.WriteBytes(bytes.ToArray());
    }

    /// <summary>Fails when a buffer is still in use.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public void AssertNoLeaks()
    {
        TrackedBuffer[] leaked = [.. _buffers.Where(buffer => buffer.ReferenceCount > 0)];
        if (leaked.Length > 0)
        {
            string list = string.Join(", ", leaked.Take(8).Select(b => $"no. {b.Number} of {b.Size} bytes with count {b.ReferenceCount}"));
            throw new InvalidOperationException($"{leaked.Length} of {_buffers.Count} buffers are leaked: {list}");
        }
    }

    protected override IByteBuffer NewHeapBuffer(int initialCapacity, int maxCapacity) => Track(initialCapacity, maxCapacity);

    protected override IByteBuffer NewDirectBuffer(int initialCapacity, int maxCapacity) => Track(initialCapacity, maxCapacity);

    private TrackedBuffer Track(int capacity, int maxCapacity)
    {
        if (capacity == MissingCapacity)
        {
            throw new InsufficientMemoryException();
        }

        TrackedBuffer buffer = new(this, capacity, maxCapacity, _buffers.Count + 1);
        buffer.Array.AsSpan().Fill(Unwritten);
        _buffers.Add(buffer);
        return buffer;
    }
}
