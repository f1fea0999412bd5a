using Xunit;

namespace IgsNetty.Relay.Tests;

/// <summary>Limits:MemoryMiB.</summary>
public sealed class MemoryBudgetTests
{
    [Fact]
    public void What_does_not_fit_is_not_counted()
    {
        MemoryBudget budget = new(100);
        Assert.True(budget.TryHold(60));
        Assert.False(budget.TryHold(41));
        Assert.Equal(60, budget.Held);
        Assert.True(budget.TryHold(40));
        Assert.False(budget.TryHold(1));
        budget.Release(100);
        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public void Over_half_is_pressure()
    {
        MemoryBudget budget = new(100);
        Assert.True(budget.TryHold(50));
        Assert.False(budget.IsUnderPressure);
        Assert.True(budget.TryHold(1));
        Assert.True(budget.IsUnderPressure);
        budget.Release(1);
        Assert.False(budget.IsUnderPressure);
    }

    [Fact]
    public void Loops_share_it()
    {
        MemoryBudget budget = new(1_000_000);
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (budget.TryHold(1000))
                {
                    Assert.InRange(budget.Held, 0, 1_000_000 + (8 * 1000));
                    budget.Release(1000);
                }
            }
        });
        Assert.Equal(0, budget.Held);
    }
}
