using IgsNetty.Perf.Report.Compare;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class RankTestTests
{
    [Theory]
    [InlineData(3, 3, 0.1)]
    [InlineData(5, 5, 2.0 / 252)]
    [InlineData(8, 8, 2.0 / 12870)]
    public void Groups_apart_give_the_least_chance(int first, int second, double chance)
    {
        double[] low = [.. Enumerable.Range(0, first).Select(i => (double)i)];
        double[] high = [.. Enumerable.Range(100, second).Select(i => (double)i)];
        Assert.Equal(chance, RankTest.Chance(low, high), 1e-9);
        Assert.Equal(chance, RankTest.Chance(high, low), 1e-9);
        Assert.Equal(chance, RankTest.LeastChance(first, second), 1e-9);
    }

    [Fact]
    public void Equal_groups_are_all_chance() => Assert.Equal(1, RankTest.Chance([1, 1, 1, 1], [1, 1, 1, 1]));

    [Fact]
    public void Many_rounds_go_by_the_normal_distribution()
    {
        double[] low = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        Assert.InRange(RankTest.Chance(low, [.. low.Select(r => r + 100)]), 0, 1e-6);
        Assert.InRange(RankTest.Chance(low, [.. low.Select(r => r + 0.5)]), 0.7, 1);
        Assert.Equal(1, RankTest.Chance([.. low.Select(_ => 1.0)], [.. low.Select(_ => 1.0)]));
    }
}
