using System.Text.Json.Serialization;

namespace IgsNetty.Perf.Report.Saved;

/// <summary>One scenario's results.</summary>
/// <param name="Name">As <c>--scenario</c> names it.</param>
/// <param name="Title">The heading of its table.</param>
/// <param name="Reference">The contender whose figures are 1 in <see cref="ContenderReport.RatiosToReference"/>; null if it has none.</param>
/// <param name="Metrics">In the order of the table's columns; only those that somebody has.</param>
/// <param name="Cases">Those that ran.</param>
internal sealed record ScenarioReport(
    string Name, string Title, string? Reference, IReadOnlyList<Metric> Metrics, IReadOnlyList<CaseReport> Cases)
{
    /// <summary>What a table shows of <see cref="Metrics"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<Metric> Columns => [.. Metrics.Where(m => !m.IsDetail)];
}
