using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Compare;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class RunComparisonTests
{
    private static readonly double[] Bare = [100, 102, 98, 101, 99];

    private static readonly double[] Usual = [180, 183, 177, 181, 179];

    [Fact]
    public void A_drop_beyond_the_noise_is_worse()
    {
        RunComparison comparison = Compare(Usual, [150, 153, 148, 151, 149]);
        Assert.Equal(ComparisonVerdict.Worse, VerdictOf(comparison, "gateways"));
        Assert.True(comparison.IsWorse);
    }

    [Fact]
    public void A_rise_beyond_the_noise_is_better()
    {
        RunComparison comparison = Compare(Usual, [200, 203, 198, 201, 199]);
        Assert.Equal(ComparisonVerdict.Better, VerdictOf(comparison, "gateways"));
        Assert.False(comparison.IsWorse);
    }

    [Fact]
    public void Of_a_time_more_is_worse()
    {
        Metric time = new("p50Microseconds", "p50\nµs", "0.0");
        RunComparison comparison = RunComparison.Of(Reports.Of(time, ("gateways", Usual)), Reports.Of(time, ("gateways", [200, 203, 198, 201, 199])));
        Assert.Equal(ComparisonVerdict.Worse, VerdictOf(comparison, "gateways"));
    }

    [Fact]
    public void A_sure_change_of_two_percent_is_the_same() =>
        Assert.Equal(ComparisonVerdict.Same, VerdictOf(Compare(Usual, [.. Usual.Select(r => r * 0.98)]), "gateways"));

    [Fact]
    public void A_large_change_within_the_scatter_is_the_same() =>
        Assert.Equal(ComparisonVerdict.Same, VerdictOf(Compare([180, 120, 240, 150, 210], [160, 100, 220, 130, 190]), "gateways"));

    [Fact]
    public void Two_rounds_cannot_tell() =>
        Assert.Equal(ComparisonVerdict.CannotTell, VerdictOf(Compare([180, 181], [100, 101], [100, 100], [100, 100]), "gateways"));

    [Fact]
    public void Three_rounds_that_do_not_overlap_tell() =>
        Assert.Equal(ComparisonVerdict.Worse, VerdictOf(Compare([180, 181, 182], [150, 151, 152], [100, 100, 100], [100, 100, 100]), "gateways"));

    [Fact]
    public void A_slower_machine_is_not_a_slower_gateway()
    {
        double[] half = [.. Bare.Select(r => r / 2)];
        RunComparison comparison = Compare(Usual, [.. Usual.Select(r => r / 2)], Bare, half);
        Assert.Equal(ComparisonVerdict.Same, VerdictOf(comparison, "gateways"));
        Assert.Equal("bare", RowOf(comparison, "gateways").Reference);

        // What became of the reference shows, and does not make the comparison fail.
        Assert.Equal(ComparisonVerdict.Worse, VerdictOf(comparison, "bare"));
        Assert.False(comparison.IsWorse);
    }

    [Fact]
    public void Without_the_reference_in_both_the_figures_themselves_count()
    {
        RunComparison comparison = RunComparison.Of(Reports.Of(("gateways", Usual)), Reports.Of(("bare", Bare), ("gateways", Usual)));
        Assert.Null(RowOf(comparison, "gateways").Reference);
    }

    [Fact]
    public void A_percentage_is_judged_in_points()
    {
        Metric loss = new("lossPercent", "loss\n%", "0.0");
        ComparisonVerdict Judge(double from, double to) =>
            RoundsJudge.Judge([.. Enumerable.Repeat(from, 5)], [.. Enumerable.Repeat(to, 5)], loss);
        Assert.Equal(ComparisonVerdict.Same, Judge(0, 0.9));
        Assert.Equal(ComparisonVerdict.Worse, Judge(0, 1.1));
        Assert.Equal(ComparisonVerdict.Better, Judge(5, 3));
    }

    [Fact]
    public void What_only_one_of_them_has_is_left_out() =>
        Assert.Empty(RunComparison.Of(Reports.Of(("gateways", Usual)), Reports.Of(("epoll", Usual))).Rows);

    private static RunComparison Compare(double[] old, double[] later) => Compare(old, later, Bare, Bare);

    private static RunComparison Compare(double[] old, double[] later, double[] oldBare, double[] laterBare) =>
        RunComparison.Of(Reports.Of(("bare", oldBare), ("gateways", old)), Reports.Of(("bare", laterBare), ("gateways", later)));

    private static ComparisonRow RowOf(RunComparison comparison, string contender) => comparison.Rows.Single(r => r.Contender.Name == contender);

    private static ComparisonVerdict VerdictOf(RunComparison comparison, string contender) => RowOf(comparison, contender).Verdict;
}
