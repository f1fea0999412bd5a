using DotNetty.Buffers;

namespace IgsNetty.Transport;

/// <summary>
/// The pool all channels take their buffers from. Two arenas a loop at most and chunks of 4 MiB: DotNetty's own default
/// of 16 MiB a chunk and two arenas a core is kept for good once touched (Azure/DotNetty#344).
/// </summary>
public static class RelayAllocator
{
    private const int PageSize = 8192;
    private const int MaxOrder = 9; // 8 KiB << 9 = 4 MiB a chunk

    /// <summary>Makes the pool for this many loops. Buffers are pinned memory with an array behind them.</summary>
    public static PooledByteBufferAllocator Create(int loops) =>
        new(preferDirect: true, nHeapArena: 0, nDirectArena: loops, PageSize, MaxOrder);
}
