using IgsNetty.Relay.FlowControl;
using Xunit;

namespace IgsNetty.Relay.Tests.FlowControl;

public sealed class RoundTripTests
{
    private readonly RoundTrip _roundTrip = new();

    [Fact]
    public void Unknown_until_the_first_sample() => Assert.Equal(TimeSpan.Zero, _roundTrip.Least);

    [Fact]
    public void The_least_of_the_samples()
    {
        Assert.Equal(30, After(30, 1));
        Assert.Equal(20, After(20, 2));
        Assert.Equal(20, After(500, 3));
        Assert.Equal(TimeSpan.FromSeconds(3), _roundTrip.LastSample);
    }

    [Fact]
    public void A_path_that_became_longer_is_noticed_after_a_minute()
    {
        Assert.Equal(10, After(10, 0));
        Assert.Equal(10, After(80, 60));
        Assert.Equal(80, After(80, 61));
    }

    [Fact]
    public void The_same_least_again_starts_the_minute_anew()
    {
        Assert.Equal(10, After(10, 0));
        Assert.Equal(10, After(10, 50));
        Assert.Equal(10, After(80, 70));
    }

    [Fact]
    public void A_sample_that_the_clock_cannot_tell_from_zero_is_known_all_the_same() => Assert.True(After(0, 1) > 0);

    private double After(double milliseconds, double seconds)
    {
        _roundTrip.Add(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromSeconds(seconds));
        return _roundTrip.Least.TotalMilliseconds;
    }
}
