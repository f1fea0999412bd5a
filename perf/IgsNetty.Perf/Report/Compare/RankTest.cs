namespace IgsNetty.Perf.Report.Compare;

/// <summary>
/// The test of Mann and Whitney (Wilcoxon's rank sums), two-sided: how likely chance alone would separate two groups of figures as
/// much. It assumes no distribution, so that one bad round does little.
/// </summary>
internal static class RankTest
{
    /// <summary>Up to so many figures every division into two groups is counted; for more the normal distribution is near enough.</summary>
    private const int MostCounted = 16;

    /// <summary>Rank sums are halves, whole ones or nearly so.</summary>
    private const double Rounding = 1e-9;

    /// <summary>0 to 1; small: they differ.</summary>
    public static double Chance(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] ranks = RanksOf([.. first, .. second]);
        double expected = first.Count * (ranks.Length + 1) / 2.0;
        double distance = Math.Abs(ranks.Take(first.Count).Sum() - expected);
        return ranks.Length <= MostCounted
            ? CountedChance(ranks, first.Count, expected, distance)
            : NormalChance(ranks, first.Count, distance);
    }

    /// <summary>The least that groups of this size can give: one lies wholly above the other.</summary>
    public static double LeastChance(int first, int second)
    {
        double divisions = 1;
        for (int i = 1; i <= first; i++)
        {
            divisions = divisions * (second + i) / i;
        }

        return Math.Min(1, 2 / divisions);
    }

    /// <summary>1 for the smallest; equal figures share the mean of their ranks.</summary>
    private static double[] RanksOf(double[] figures) =>
        [.. figures.Select(f => figures.Count(other => other < f) + ((figures.Count(other => other == f) + 1) / 2.0))];

    private static double CountedChance(double[] ranks, int size, double expected, double distance)
    {
        int divisions = 0;
        int asFar = 0;
        for (uint chosen = 0; chosen < 1u << ranks.Length; chosen++)
        {
            if (uint.PopCount(chosen) == size)
            {
                double sum = ranks.Where((_, i) => (chosen >> i & 1) == 1).Sum();
                divisions++;
                asFar += Math.Abs(sum - expected) >= distance - Rounding ? 1 : 0;
            }
        }

        return (double)asFar / divisions;
    }

    private static double NormalChance(double[] ranks, int size, double distance)
    {
        double mean = (ranks.Length + 1) / 2.0;
        double variance = ranks.Sum(r => (r - mean) * (r - mean)) / ranks.Length;
        double deviation = Math.Sqrt(variance * size * (ranks.Length - size) / (ranks.Length - 1));
        return deviation == 0 ? 1 : 2 * UpperTail(Math.Max(0, distance - 0.5) / deviation);
    }

    /// <summary>Of the normal distribution, from 0 up; Abramowitz and Stegun 26.2.17, to seven digits.</summary>
    private static double UpperTail(double deviations)
    {
        double t = 1 / (1 + (0.2316419 * deviations));
        double series = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return Math.Exp(-deviations * deviations / 2) / Math.Sqrt(2 * Math.PI) * series;
    }
}
