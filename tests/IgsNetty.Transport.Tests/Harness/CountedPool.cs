using DotNetty.Buffers;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// The product's pool without its thread caches, which count what they keep as in use: so that the buffers in use can be
/// told exactly.
/// </summary>
internal sealed class CountedPool
{
    private readonly ScarcePool _allocator = new();

    public IByteBufferAllocator Allocator => _allocator;

    /// <summary>There is no memory for buffers.</summary>
    public bool IsEmpty
    {
        set => Volatile.Write(ref _allocator.IsEmpty, value);
    }

    /// <summary>How often there was none.</summary>
    public int Refused => Volatile.Read(ref _allocator.Refused);

    public long InUse => _allocator.Metric.DirectArenas().Sum(arena => arena.NumActiveAllocations);

    public IByteBuffer Holding(ReadOnlySpan<byte> bytes)
    {
        IByteBuffer buffer = _allocator.Buffer(bytes.Length);
        bytes.CopyTo(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.WriterIndex));
        return buffer.SetWriterIndex(bytes.Length);
    }

    /// <summary>Fails when not all buffers come back.</summary>
    public async Task AssertAllBackAsync()
    {
        try
        {
            await Waiting.UntilAsync(() => InUse == 0);
        }
        finally
        {
            if (InUse > 0)
            {
                // The detector tells where each was used, once it is garbage.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Assert.Fail($"{InUse} buffers leaked. {string.Join('\n', DotNettyLog.Instance.Take())}");
            }
        }
    }

    private sealed class ScarcePool() : PooledByteBufferAllocator(
        preferDirect: true, nHeapArena: 0, nDirectArena: 2, pageSize: 8192, maxOrder: 9, tinyCacheSize: 0, smallCacheSize: 0, normalCacheSize: 0)
    {
        public bool IsEmpty;
        public int Refused;

        protected override IByteBuffer NewDirectBuffer(int initialCapacity, int maxCapacity)
        {
            if (Volatile.Read(ref IsEmpty))
            {
                Interlocked.Increment(ref Refused);
                throw new InsufficientMemoryException();
            }

            return base.NewDirectBuffer(initialCapacity, maxCapacity);
        }
    }
}
