using System.Globalization;

namespace IgsNetty.Perf.Report.Compare;

/// <summary>The words of a comparison, the same in the terminal and in the HTML report.</summary>
internal static class ComparisonText
{
    public static string Summary(RunComparison comparison)
    {
        ComparisonRow[] rows = [.. comparison.Rows.Where(r => r.Contender.IsGateways)];
        int Count(ComparisonVerdict verdict) => rows.Count(r => r.Verdict == verdict);
        string unsure = Count(ComparisonVerdict.CannotTell) is var unsureRows and > 0
            ? $", {unsureRows} cannot tell (fewer than {RoundsJudge.LeastRounds} rounds)"
            : "";
        string worse = $"{Count(ComparisonVerdict.Worse)} worse, {Count(ComparisonVerdict.Better)} better, {Count(ComparisonVerdict.Same)} the same";
        return rows.Length == 0
            ? $"Nothing of the gateways is in both this load test and that of {comparison.Old.Date:yyyy-MM-dd HH:mm} UTC"
            : $"Gateways since {comparison.Old.Date:yyyy-MM-dd HH:mm} UTC: {worse}{unsure}";
    }

    public static string Name(ComparisonRow row) =>
        row.Reference is null ? row.Metric.Unit : $"{row.Metric.Unit} × {row.Reference}";

    public static string Figure(ComparisonRow row, double value) =>
        row.Reference is null ? row.Metric.Show(value) : value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Change(ComparisonRow row) => row.Change is { } change
        ? ((change - 1) * 100).ToString("+0.0 '%';-0.0 '%';0 '%'", CultureInfo.InvariantCulture)
        : "";

    public static string Verdict(ComparisonVerdict verdict) => verdict switch
    {
        ComparisonVerdict.Better => "✓ better",
        ComparisonVerdict.Worse => "✗ worse",
        ComparisonVerdict.Same => "same",
        _ => "cannot tell",
    };
}
