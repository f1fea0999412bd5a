using Xunit;

namespace IgsNetty.Gateway.Tests;

/// <summary>When a gateway gives memory back.</summary>
public sealed class MemoryTrimTests : IDisposable
{
    private readonly MemoryTrim _trim = new([]);

    public void Dispose() => _trim.Dispose();

    [Fact]
    public void A_crowd_that_has_left_is_noticed_once()
    {
        Assert.False(_trim.Observe(0));
        Assert.False(_trim.Observe(20_000));
        Assert.False(_trim.Observe(5_001));
        Assert.True(_trim.Observe(5_000));
        Assert.False(_trim.Observe(5_000));
        Assert.False(_trim.Observe(4_001));
        Assert.True(_trim.Observe(0)); // the rest was a crowd of its own
    }

    [Fact]
    public void It_is_noticed_again_after_the_next_crowd()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.False(_trim.Observe(10_000));
            Assert.True(_trim.Observe(0));
        }
    }

    [Fact]
    public void A_few_are_no_crowd()
    {
        Assert.False(_trim.Observe(MemoryTrim.Crowd - 1));
        Assert.False(_trim.Observe(0));
        Assert.False(_trim.Observe(MemoryTrim.Crowd));
        Assert.True(_trim.Observe(0));
    }

    [Fact]
    public void A_busy_gateway_that_shrinks_a_little_is_left_alone()
    {
        Assert.False(_trim.Observe(100_000));
        Assert.False(_trim.Observe(60_000));
        Assert.False(_trim.Observe(26_000));
    }
}
