namespace IgsNetty.Perf.Report;

/// <summary>Figures of several rounds as one.</summary>
internal static class RoundStatistics
{
    /// <summary>Null if there are none.</summary>
    public static double? Median(IEnumerable<double> rounds) => Quantile(rounds, 0.5);

    /// <summary>
    /// Half of the range in which the middle half of the rounds lies (interquartile), in percent of the median; null with one
    /// round, or a median of 0.
    /// </summary>
    public static double? SpreadPercent(IReadOnlyList<double> rounds) =>
        rounds.Count < 2 || Median(rounds) is not { } median || median == 0
            ? null
            : (Quantile(rounds, 0.75) - Quantile(rounds, 0.25)) / 2 / Math.Abs(median) * 100;

    /// <summary>
    /// The median of each round's figure divided by the other's in the same round: what slows the machine for a while slows both.
    /// Null where one of them does not have it.
    /// </summary>
    /// <param name="samples">Of each round, by the metrics' names.</param>
    /// <param name="others">Of the same rounds.</param>
    /// <param name="metric">Its name.</param>
    public static double? Ratio(
        IEnumerable<IReadOnlyDictionary<string, double>> samples, IEnumerable<IReadOnlyDictionary<string, double>> others, string metric) =>
        Median(Ratios(samples, others, metric));

    /// <summary>As <see cref="Ratio"/>, of each round that has both.</summary>
    public static IEnumerable<double> Ratios(
        IEnumerable<IReadOnlyDictionary<string, double>> samples, IEnumerable<IReadOnlyDictionary<string, double>> others, string metric) =>
        from round in samples.Zip(others)
        where round.First.ContainsKey(metric) && round.Second.TryGetValue(metric, out double other) && other > 0
        select round.First[metric] / round.Second[metric];

    /// <summary>Between two neighbours in proportion to how near each is.</summary>
    private static double? Quantile(IEnumerable<double> rounds, double share)
    {
        double[] ordered = [.. rounds.Order()];
        if (ordered.Length == 0)
        {
            return null;
        }

        double place = (ordered.Length - 1) * share;
        double below = ordered[(int)Math.Floor(place)];
        double above = ordered[(int)Math.Ceiling(place)];
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
