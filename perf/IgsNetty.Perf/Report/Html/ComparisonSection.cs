using System.Xml.Linq;
using IgsNetty.Perf.Report.Compare;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>The gateways' figures beside an earlier load test's: what changed, and folded up the rest.</summary>
internal static class ComparisonSection
{
    public static XElement Of(RunComparison comparison)
    {
        ComparisonRow[] rows = [.. comparison.Rows.Where(r => r.Contender.IsGateways)];
        ComparisonRow[] changed = [.. rows.Where(r => r.Verdict is ComparisonVerdict.Better or ComparisonVerdict.Worse)];
        return Element(
            "section",
            Element("h2", "Since the earlier run"),
            Element("p", ComparisonText.Summary(comparison) + "."),
            changed.Length == 0 ? null : TableOf("What changed of the gateways", changed),
            rows.Length == changed.Length
                ? null
                : Element("details", Element("summary", "Every figure"), TableOf("Every figure of the gateways, then and now", rows)));
    }

    private static XElement TableOf(string caption, IEnumerable<ComparisonRow> rows) => ScrolledTable.Of(
        $"{caption}; × is the ratio to the reference of the same round",
        ["figure", "verdict", "change", "old", "new", "case", "contender"],
        rows.Select(RowOf));

    private static XElement RowOf(ComparisonRow row) => Element(
        "tr",
        Element("th", Attribute("scope", "row"), ComparisonText.Name(row)),
        Styled("td", StyleOf(row.Verdict), ComparisonText.Verdict(row.Verdict)),
        Styled("td", "number", ComparisonText.Change(row)),
        Styled("td", "number", ComparisonText.Figure(row, row.Old)),
        Styled("td", "number", ComparisonText.Figure(row, row.New)),
        Element("td", $"{row.Scenario}, {row.Case}"),
        Element("td", row.Contender.Name));

    private static string StyleOf(ComparisonVerdict verdict) => verdict switch
    {
        ComparisonVerdict.Better => "met",
        ComparisonVerdict.Worse => "short",
        _ => "unknown",
    };
}
