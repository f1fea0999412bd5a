using System.Globalization;
using System.Xml.Linq;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>
/// One metric of one scenario: a bar for each case and contender, with its figure above it. Lengths are in percent of the drawing's
/// width and texts in pixels, so that it is readable on every screen.
/// </summary>
internal static class BarChart
{
    private const int TitleHeight = 26;
    private const int RowHeight = 32;
    private const int TextBase = 14;
    private const int BarTop = 18;
    private const int BarHeight = 9;

    /// <summary>Room for the mark of the spread beside the longest bar.</summary>
    private const double LongestBar = 96;

    /// <summary>Latencies have curves of their own.</summary>
    public static bool IsFor(Metric metric) =>
        metric.Name.StartsWith("gatewayCpu", StringComparison.Ordinal)
        || metric.Name.Contains("BytesPer", StringComparison.Ordinal)
        || (metric.IsCompared && !metric.Name.EndsWith("Microseconds", StringComparison.Ordinal));

    public static XElement Of(ScenarioReport scenario, Metric metric, ContenderStyles styles)
    {
        CaseReport[] cases = [.. scenario.Cases.Where(c => c.Contenders.Any(x => x.Median(metric) is not null))];
        double most = cases.SelectMany(c => c.Contenders).Max(x => x.Median(metric) ?? 0);
        string better = metric.IsMoreBetter ? "more is better" : "less is better";
        List<object> drawn = [];
        int y = 0;
        foreach (CaseReport oneCase in cases)
        {
            drawn.Add(Styled("text", "case", Attribute("x", 0), Attribute("y", y + TextBase + 4), oneCase.Title));
            y += TitleHeight;
            foreach (ContenderReport contender in oneCase.Contenders.Where(x => x.Median(metric) is not null))
            {
                drawn.Add(BarOf(scenario, metric, contender, most > 0 ? LongestBar / most : 0, y, styles));
                y += RowHeight;
            }
        }

        return Styled(
            "figure",
            "chart",
            Element("figcaption", Element("b", $"{scenario.Name}: {metric.Unit}"), $" ({better})"),
            Element(
                "svg",
                Attribute("role", "img"),
                Attribute("width", "100%"),
                Attribute("height", y),
                Attribute("aria-label", $"Bars of {scenario.Title}, {metric.Unit}, {better}. The table {scenario.Name} has the same figures."),
                drawn));
    }

    private static XElement BarOf(
        ScenarioReport scenario, Metric metric, ContenderReport contender, double scale, int y, ContenderStyles styles)
    {
        double median = contender.Median(metric)!.Value;
        double length = Math.Max(median * scale, 0.2);
        return Styled(
            "g",
            styles.Of(contender.Name),
            Element("title", $"{contender.Name}: {FigureText(scenario, metric, contender)}"),
            Styled("text", "name", Attribute("x", 0), Attribute("y", y + TextBase), contender.Name),
            Styled(
                "text",
                "figure",
                PercentAttribute("x", 100),
                Attribute("y", y + TextBase),
                Attribute("text-anchor", "end"),
                FigureText(scenario, metric, contender)),
            Styled("rect", "track", Attribute("y", y + BarTop), Attribute("width", "100%"), Attribute("height", BarHeight), Attribute("rx", 2)),
            Styled(
                "rect",
                "bar",
                Attribute("y", y + BarTop),
                PercentAttribute("width", length),
                Attribute("height", BarHeight),
                Attribute("rx", 2)),
            contender.Spread(metric) is { } spread ? SpreadOf(length, length * spread / 100, y + BarTop + (BarHeight / 2.0)) : null);
    }

    private static XElement SpreadOf(double length, double half, double y) => Styled(
        "line",
        "spread",
        PercentAttribute("x1", Math.Max(length - half, 0)),
        PercentAttribute("x2", Math.Min(length + half, 100)),
        Attribute("y1", y),
        Attribute("y2", y));

    private static string FigureText(ScenarioReport scenario, Metric metric, ContenderReport contender)
    {
        string figure = metric.Show(contender.Median(metric));
        string spread = contender.Spread(metric) is { } percent
            ? string.Create(CultureInfo.InvariantCulture, $" ±{percent:0} %")
            : "";
        string ratio = contender.RatioToReference(metric) is { } times
            ? string.Create(CultureInfo.InvariantCulture, $" · {times:0.00} × {scenario.Reference}")
            : "";
        return figure + spread + ratio;
    }
}
