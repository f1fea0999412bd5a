using IgsNetty.Endpoints.LinkDialer;
using Xunit;

namespace IgsNetty.Endpoints.Tests.LinkDialer;

/// <summary>Links:Reconnect: full jitter under a ceiling that doubles up to a cap.</summary>
public sealed class WaitTests
{
    private static readonly ReconnectOptions Options = new() { InitialSeconds = 0.5, MaximumSeconds = 30 };

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(7, 30)]
    [InlineData(40, 30)]
    [InlineData(1000, 30)]
    [InlineData(int.MaxValue, 30)]
    public void The_ceiling_doubles_up_to_the_cap(int failures, double ceiling)
    {
        Assert.Equal(TimeSpan.Zero, LinkDialerEndpoint.Wait(Options, failures, 0));
        Assert.Equal(TimeSpan.FromSeconds(ceiling / 2), LinkDialerEndpoint.Wait(Options, failures, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(ceiling), LinkDialerEndpoint.Wait(Options, failures, 1));
    }

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(0.01, 86_400)]
    [InlineData(3600, 86_400)]
    [InlineData(3600, 3600)]
    public void No_option_makes_it_overflow(double initial, double maximum)
    {
        ReconnectOptions options = new() { InitialSeconds = initial, MaximumSeconds = maximum };
        Random random = new(1);
        foreach (int failures in Enumerable.Range(0, 100).Append(int.MaxValue))
        {
            double seconds = LinkDialerEndpoint.Wait(options, failures, random.NextDouble()).TotalSeconds;
            Assert.InRange(seconds, 0, maximum);
        }
    }
}
