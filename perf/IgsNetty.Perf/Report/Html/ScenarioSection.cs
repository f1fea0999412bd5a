using System.Globalization;
using System.Xml.Linq;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>One scenario: its charts, then its table.</summary>
internal static class ScenarioSection
{
    public static XElement Of(ScenarioReport scenario, ContenderStyles styles) => Element(
        "section",
        Attribute("id", scenario.Name),
        Element("h2", scenario.Title),
        Styled(
            "div",
            "charts",
            scenario.Metrics.Where(BarChart.IsFor).Select(m => BarChart.Of(scenario, m, styles)),
            scenario.Cases.Where(LatencyChart.IsFor).Select(c => LatencyChart.Of(scenario, c, styles))),
        TableOf(scenario));

    private static XElement TableOf(ScenarioReport scenario)
    {
        string reference = scenario.Reference is null ? "" : $"; × is the ratio to {scenario.Reference} of the same round";
        return ScrolledTable.Of(
            $"{scenario.Name}: medians of the rounds; ± is half of the range of their middle half{reference}",
            ["", .. scenario.Columns.SelectMany(HeadingsOf)],
            scenario.Cases.SelectMany(c => RowsOf(scenario, c)));
    }

    private static IEnumerable<string> HeadingsOf(Metric metric) => metric.IsCompared ? [metric.Unit, "±", "×"] : [metric.Unit];

    private static IEnumerable<XElement> RowsOf(ScenarioReport scenario, CaseReport oneCase)
    {
        int columns = 1 + scenario.Columns.Sum(m => HeadingsOf(m).Count());
        yield return Styled("tr", "case", Element("th", Attribute("colspan", columns), Attribute("scope", "rowgroup"), oneCase.Title));
        foreach (ContenderReport contender in oneCase.Contenders)
        {
            yield return Element(
                "tr",
                Element("th", Attribute("scope", "row"), contender.Name),
                scenario.Columns.SelectMany(m => CellsOf(m, contender)).Select(text => Styled("td", "number", text)));
        }
    }

    private static IEnumerable<string> CellsOf(Metric metric, ContenderReport contender)
    {
        yield return metric.Show(contender.Median(metric));
        if (metric.IsCompared)
        {
            yield return contender.Spread(metric) is { } spread ? string.Create(CultureInfo.InvariantCulture, $"{spread:0} %") : "";
            yield return contender.RatioToReference(metric)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
        }
    }
}
