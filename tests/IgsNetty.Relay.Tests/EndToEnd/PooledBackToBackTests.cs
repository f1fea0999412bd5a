using DotNetty.Buffers;
using Xunit;

namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>
/// With DotNetty's pool, as the gateway runs: slices count on their own there, and buffer objects are used again. Without
/// the pool's caches a thread, so that its own books show a leak.
/// </summary>
public sealed class PooledBackToBackTests : BackToBackTests, IDisposable
{
    private readonly PooledByteBufferAllocator _pool =
        new(preferDirect: true, nHeapArena: 0, nDirectArena: 1, pageSize: 8192, maxOrder: 9, tinyCacheSize: 0, smallCacheSize: 0, normalCacheSize: 0);

    public PooledBackToBackTests() => Pool = _pool;

    // The leak detector, set to paranoid, makes each access to such a buffer slow.
    protected override int MostBytes => 30_000;

    void IDisposable.Dispose()
    {
        Dispose();
        IPoolArenaMetric arena = Assert.Single(_pool.Metric.DirectArenas());
        Assert.True(arena.NumAllocations > 0);
        Assert.Equal(0, arena.NumActiveAllocations);
    }
}
