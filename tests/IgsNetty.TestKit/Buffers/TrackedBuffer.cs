using DotNetty.Buffers;

namespace IgsNetty.TestKit.Buffers;

/// <summary>A plain heap buffer that a <see cref="LeakCheck"/> keeps an eye on.</summary>
internal sealed class TrackedBuffer(IByteBufferAllocator allocator, int capacity, int maxCapacity, int number)
    : UnpooledHeapByteBuffer(allocator, capacity, maxCapacity)
{
    /// <summary>Which allocation of its check it is, from 1.</summary>
    public int Number { get; } = number;

    public int Size { get; } = capacity;
}
