using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report.Compare;

/// <summary>One figure of two load tests.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Case">Its title.</param>
/// <param name="Contender">Whose figure it is.</param>
/// <param name="Metric">Which figure it is.</param>
/// <param name="Reference">The figures are ratios to this contender's; null: they are the figures themselves.</param>
/// <param name="Old">Median of the rounds of the earlier load test.</param>
/// <param name="New">Of the later one.</param>
/// <param name="Verdict">What became of it.</param>
internal sealed record ComparisonRow(
    string Scenario, string Case, ContenderFacts Contender, Metric Metric, string? Reference, double Old, double New, ComparisonVerdict Verdict)
{
    /// <summary>New divided by old; null where old is 0.</summary>
    public double? Change => Old == 0 ? null : New / Old;
}
