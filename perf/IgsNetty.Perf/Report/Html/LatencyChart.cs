using System.Xml.Linq;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>The latency curves of one case: percentiles by their nines to the right, microseconds upwards, both logarithmic.</summary>
internal static class LatencyChart
{
    private const int Height = 260;
    private const double Side = 1000;
    private const double MostNines = 4;

    private static readonly double[] PercentileTicks = [0, 50, 90, 99, 99.9, 99.99];

    public static bool IsFor(CaseReport oneCase) => oneCase.Contenders.Any(c => c.LatencyCurve.Count > 1);

    public static XElement Of(ScenarioReport scenario, CaseReport oneCase, ContenderStyles styles)
    {
        ContenderReport[] contenders = [.. oneCase.Contenders.Where(c => c.LatencyCurve.Count > 1)];
        LatencyAxis axis = new(contenders.SelectMany(c => c.LatencyCurve).Select(p => p.Microseconds));
        string title = $"{scenario.Name}, {oneCase.Title}";
        return Styled(
            "figure",
            "chart",
            Element("figcaption", Element("b", title), ": latency by percentile (lower is better, both axes logarithmic)"),
            Styled("ul", "legend", contenders.Select(c => LegendOf(c, styles))),
            Styled(
                "div",
                "plot",
                Element(
                    "svg",
                    Attribute("role", "img"),
                    Attribute("width", "100%"),
                    Attribute("height", Height),
                    Attribute("aria-label", $"Latency curves of {title}. The table {scenario.Name} has their main percentiles."),
                    axis.Ticks.Select(tick => HorizontalLine(axis, tick)),
                    PercentileTicks.Select(VerticalLine),
                    Element(
                        "svg",
                        Attribute("viewBox", $"0 0 {Side} {Side}"),
                        Attribute("preserveAspectRatio", "none"),
                        Attribute("width", "100%"),
                        Attribute("height", Height),
                        contenders.Select(c => CurveOf(c, axis, styles))))));
    }

    private static XElement LegendOf(ContenderReport contender, ContenderStyles styles) => Element(
        "li",
        Element(
            "svg",
            Attribute("width", 28),
            Attribute("height", 12),
            Attribute("aria-hidden", "true"),
            Styled("g", styles.Of(contender.Name), Styled("path", "curve", Attribute("d", "M0 6H28")))),
        contender.Name);

    private static XElement CurveOf(ContenderReport contender, LatencyAxis axis, ContenderStyles styles)
    {
        IEnumerable<string> points = contender.LatencyCurve.Select(p =>
            $"{Number(NinesOf(p.Percentile) / MostNines * Side)} {Number((1 - axis.PlaceOf(p.Microseconds)) * Side)}");
        return Styled(
            "g",
            styles.Of(contender.Name),
            Styled("path", "curve", Attribute("d", "M" + string.Join('L', points)), Element("title", contender.Name)));
    }

    private static XElement HorizontalLine(LatencyAxis axis, double microseconds)
    {
        double y = (1 - axis.PlaceOf(microseconds)) * Height;
        return Styled(
            "g",
            "axis",
            Element("line", Attribute("x2", "100%"), Attribute("y1", y), Attribute("y2", y)),
            Element("text", Attribute("x", -8), Attribute("y", y + 4), Attribute("text-anchor", "end"), LatencyAxis.Show(microseconds)));
    }

    private static XElement VerticalLine(double percentile)
    {
        double x = NinesOf(percentile) / MostNines * 100;
        string anchor = percentile == 0 ? "start" : percentile > 99.98 ? "end" : "middle";
        return Styled(
            "g",
            "axis",
            Element("line", PercentAttribute("x1", x), PercentAttribute("x2", x), Attribute("y2", "100%")),
            percentile == 0
                ? null
                : Element(
                    "text",
                    PercentAttribute("x", x),
                    Attribute("y", Height + 18),
                    Attribute("text-anchor", anchor),
                    "p" + Number(percentile)));
    }

    /// <summary>90 is 1, 99 is 2, 99.9 is 3.</summary>
    private static double NinesOf(double percentile) => -Math.Log10(1 - (percentile / 100));
}
