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
    public void A_path_that_became_longer_is_noticed_within_two_minutes()
    {
        Assert.Equal(10, After(10, 0));
        Assert.Equal(10, After(80, 59));
        Assert.Equal(10, After(90, 60));
        Assert.Equal(10, After(80, 119));
        Assert.Equal(80, After(90, 120));
    }

    [Fact]
    public void One_sample_of_a_busy_moment_never_stands_alone()
    {
        Assert.Equal(10, After(10, 59));
        Assert.Equal(10, After(500, 60));
        Assert.Equal(12, After(12, 121));
        Assert.Equal(12, After(500, 181));
    }

    [Fact]
    public void A_path_that_became_shorter_is_noticed_at_once()
    {
        Assert.Equal(80, After(80, 59));
        Assert.Equal(10, After(10, 60));
    }

    [Fact]
    public void A_sample_that_the_clock_cannot_tell_from_zero_is_known_all_the_same() => Assert.True(After(0, 1) > 0);

    private double After(double milliseconds, double seconds)
    {
        _roundTrip.Add(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromSeconds(seconds));
        return _roundTrip.Least.TotalMilliseconds;
    }
}
