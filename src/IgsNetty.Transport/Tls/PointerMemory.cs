using System.Buffers;

namespace IgsNetty.Transport.Tls;

/// <summary>A span as <see cref="Memory{T}"/>, for a call that takes no spans and is over before the span is.</summary>
internal sealed unsafe class PointerMemory : MemoryManager<byte>
{
    private byte* _first;
    private int _count;

    /// <summary>The memory at an address, which stays where it is until the next call.</summary>
    public Memory<byte> Of(byte* first, int count)
    {
        _first = first;
        _count = count;
        return Memory;
    }

    public override Span<byte> GetSpan() => new(_first, _count);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_first + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => _first = null;
}
