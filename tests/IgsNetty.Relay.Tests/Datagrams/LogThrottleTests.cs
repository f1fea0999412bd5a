using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>One message of a kind, or so many, in ten seconds.</summary>
public sealed class LogThrottleTests
{
    private long _now;

    [Fact]
    public void The_first_passes_and_then_one_in_ten_seconds()
    {
        LogThrottle throttle = new(() => _now);
        Assert.True(throttle.TryPass(out int more));
        Assert.Equal(0, more);
        for (int i = 0; i < 5; i++)
        {
            Assert.False(throttle.TryPass(out _));
        }

        _now = 9_999;
        Assert.False(throttle.TryPass(out _));
        _now = 10_000;
        Assert.True(throttle.TryPass(out more));
        Assert.Equal(6, more);
        Assert.False(throttle.TryPass(out _));
        _now = 1_000_000;
        Assert.True(throttle.TryPass(out more));
        Assert.Equal(1, more);
    }

    [Fact]
    public void So_many_pass_in_ten_seconds()
    {
        LogThrottle throttle = new(() => _now, most: 3);
        for (int period = 0; period < 3; period++)
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(i < 3, throttle.TryPass(out int more));
                Assert.Equal(i == 0 && period > 0 ? 2 : Math.Max(0, i - 3), more);
            }

            _now += 10_000;
        }
    }
}
