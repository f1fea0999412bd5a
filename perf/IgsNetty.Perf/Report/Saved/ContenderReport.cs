namespace IgsNetty.Perf.Report.Saved;

/// <summary>What one contender reached in one case. All figures are by the metrics' names; one that is not known is absent.</summary>
/// <param name="Name">The contender's.</param>
/// <param name="Medians">Of the rounds.</param>
/// <param name="SpreadPercent">Half of the range in which the middle half of the rounds lies, in percent of the median.</param>
/// <param name="RatiosToReference">
/// Medians of the rounds' own ratios to <see cref="ScenarioReport.Reference"/>: what slows the machine for a while slows both.
/// </param>
/// <param name="RatiosToDirect">The same with the contender <c>direct</c>.</param>
/// <param name="RatiosToFirst">The same with <see cref="RunReport.First"/>; empty but for further pairs of gateways.</param>
/// <param name="Samples">Of each round, in their order.</param>
/// <param name="LatencyCurve">Of all rounds together; empty where no latency is measured.</param>
internal sealed record ContenderReport(
    string Name,
    IReadOnlyDictionary<string, double> Medians,
    IReadOnlyDictionary<string, double> SpreadPercent,
    IReadOnlyDictionary<string, double> RatiosToReference,
    IReadOnlyDictionary<string, double> RatiosToDirect,
    IReadOnlyDictionary<string, double> RatiosToFirst,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Samples,
    IReadOnlyList<CurvePoint> LatencyCurve)
{
    public double? Median(Metric metric) => Figure(Medians, metric);

    public double? Spread(Metric metric) => Figure(SpreadPercent, metric);

    public double? RatioToReference(Metric metric) => Figure(RatiosToReference, metric);

    public double? RatioToFirst(Metric metric) => Figure(RatiosToFirst, metric);

    private static double? Figure(IReadOnlyDictionary<string, double> figures, Metric metric) =>
        figures.TryGetValue(metric.Name, out double figure) ? figure : null;
}
