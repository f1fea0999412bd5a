namespace IgsNetty.Perf.Report.Compare;

/// <summary>Whether the rounds of two load tests differ by more than they scatter.</summary>
internal static class RoundsJudge
{
    /// <summary>With fewer, chance alone separates the rounds too often.</summary>
    public const int LeastRounds = 3;

    /// <summary>Smaller changes of a median are the same, however sure they are: two runs of one program differ by so much.</summary>
    public const double LeastChange = 0.05;

    /// <summary>As <see cref="LeastChange"/> for figures that are percentages themselves, in points.</summary>
    public const double LeastPoints = 1;

    /// <summary>How often chance may look like a change. Three rounds against three cannot show less than 0.1.</summary>
    private const double MostChance = 0.05;

    /// <param name="old">Figures of the rounds, earlier.</param>
    /// <param name="later">Figures of the rounds, later.</param>
    /// <param name="metric">What they are.</param>
    public static ComparisonVerdict Judge(IReadOnlyList<double> old, IReadOnlyList<double> later, Metric metric)
    {
        if (old.Count < LeastRounds || later.Count < LeastRounds)
        {
            return ComparisonVerdict.CannotTell;
        }

        double before = RoundStatistics.Median(old)!.Value;
        double after = RoundStatistics.Median(later)!.Value;
        double least = metric.Name.Contains("Percent", StringComparison.Ordinal) ? LeastPoints : Math.Abs(before) * LeastChange;
        if (after == before || Math.Abs(after - before) < least || !IsSure(old, later))
        {
            return ComparisonVerdict.Same;
        }

        return after > before == metric.IsMoreBetter ? ComparisonVerdict.Better : ComparisonVerdict.Worse;
    }

    private static bool IsSure(IReadOnlyList<double> old, IReadOnlyList<double> later) =>
        RankTest.Chance(old, later) <= Math.Max(MostChance, RankTest.LeastChance(old.Count, later.Count));
}
