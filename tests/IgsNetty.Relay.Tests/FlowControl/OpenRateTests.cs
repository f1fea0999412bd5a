using IgsNetty.Relay.FlowControl;
using Xunit;

namespace IgsNetty.Relay.Tests.FlowControl;

/// <summary>Limits:OpensPerSecondPerPeer: so many a second, with a burst of one second's worth.</summary>
public sealed class OpenRateTests
{
    private static readonly TimeSpan Begin = TimeSpan.FromDays(3);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20_000)]
    public void A_burst_is_one_seconds_worth(int perSecond)
    {
        OpenRate rate = new(perSecond);
        int taken = Enumerable.Range(0, 3 * perSecond).Count(_ => rate.TryTake(Begin));
        Assert.Equal(perSecond, taken);
    }

    [Fact]
    public void It_fills_up_again_at_the_rate()
    {
        OpenRate rate = new(10);
        while (rate.TryTake(Begin))
        {
        }

        Assert.False(rate.TryTake(Begin + TimeSpan.FromMilliseconds(99)));
        Assert.True(rate.TryTake(Begin + TimeSpan.FromMilliseconds(100)));
        Assert.False(rate.TryTake(Begin + TimeSpan.FromMilliseconds(100)));
        int afterAPause = Enumerable.Range(0, 100).Count(_ => rate.TryTake(Begin + TimeSpan.FromMinutes(5)));
        Assert.Equal(10, afterAPause);
    }

    [Fact]
    public void Over_time_no_more_than_the_rate_and_one_burst_pass()
    {
        OpenRate rate = new(1000);
        Random random = new(9);
        TimeSpan now = Begin;
        int taken = 0;
        while (now < Begin + TimeSpan.FromSeconds(10))
        {
            now += TimeSpan.FromMicroseconds(random.Next(0, 500));
            taken += rate.TryTake(now) ? 1 : 0;
        }

        Assert.InRange(taken, 10_900, 11_000);
    }

    [Fact]
    public void A_refused_open_costs_nothing()
    {
        OpenRate rate = new(1);
        Assert.True(rate.TryTake(Begin));
        for (int i = 0; i < 1000; i++)
        {
            Assert.False(rate.TryTake(Begin + TimeSpan.FromMilliseconds(500)));
        }

        Assert.True(rate.TryTake(Begin + TimeSpan.FromSeconds(1)));
    }
}
