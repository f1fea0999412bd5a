using Xunit;

namespace IgsNetty.Relay.Tests;

public sealed class DistinctThrottleTests
{
    private readonly DistinctThrottle _throttle;
    private long _now;

    public DistinctThrottleTests() => _throttle = new DistinctThrottle(() => _now);

    [Fact]
    public void The_same_passes_once_in_ten_seconds()
    {
        Assert.True(_throttle.TryPass(("site-b", 1), out int suppressed));
        Assert.Equal(0, suppressed);
        Assert.False(_throttle.TryPass(("site-b", 1), out _));
        Assert.False(_throttle.TryPass(("site-b", 1), out _));
        Assert.True(_throttle.TryPass(("site-b", 2), out suppressed));
        Assert.Equal(0, suppressed); // those held back were others
        _now += 10_000;
        Assert.True(_throttle.TryPass(("site-b", 1), out suppressed));
        Assert.Equal(2, suppressed);
        _now += 10_000;
        Assert.True(_throttle.TryPass(("site-b", 1), out suppressed));
        Assert.Equal(0, suppressed);
    }

    [Fact]
    public void Of_different_ones_sixteen_pass()
    {
        Assert.Equal(DistinctThrottle.MostDistinct, Enumerable.Range(0, 1000).Count(i => _throttle.TryPass(i, out _)));
        _now += 9_999;
        Assert.False(_throttle.TryPass(5000, out _));
        _now += 1;
        Assert.True(_throttle.TryPass(5000, out int suppressed));
        Assert.Equal(0, suppressed);
    }
}
