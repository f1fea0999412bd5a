using Xunit;

namespace IgsNetty.Endpoints.Tests;

/// <summary>Work that blocks holds threads of its own and no others.</summary>
public sealed class WorkThreadsTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Work_is_done_on_named_threads_and_no_more_than_there_may_be()
    {
        WorkThreads threads = new("test work", 2);
        using SemaphoreSlim goOn = new(0);
        int running = 0;
        int most = 0;
        Task<string?>[] work = [.. Enumerable.Range(0, 10).Select(_ => threads.RunAsync(() =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Assert.True(goOn.Wait(Guard));
            Interlocked.Decrement(ref running);
            return Thread.CurrentThread.IsThreadPoolThread ? null : Thread.CurrentThread.Name;
        }))];
        goOn.Release(10);
        Assert.All(await Task.WhenAll(work).WaitAsync(Guard), name => Assert.Equal("test work", name));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task What_fails_is_told_and_ends_no_thread()
    {
        WorkThreads threads = new("test work", 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync<int>(() => throw new InvalidOperationException("no")).WaitAsync(Guard));
        Assert.Equal(7, await threads.RunAsync(() => 7).WaitAsync(Guard));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
