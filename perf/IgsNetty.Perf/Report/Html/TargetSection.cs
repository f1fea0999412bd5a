using System.Xml.Linq;
using IgsNetty.Perf.Report.Saved;
using IgsNetty.Perf.Report.Targets;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>The table of the design targets: which are met, which are not, which were not measured.</summary>
internal static class TargetSection
{
    /// <summary>Null without gateways.</summary>
    public static XElement? Of(RunReport report)
    {
        // The targets are for the epoll transport; with one pair it is what the gateways take by themselves.
        string? gateways = report.Contenders.Any(c => c is { Name: "epoll", IsGateways: true }) ? "epoll" : report.First;
        if (gateways is null)
        {
            return null;
        }

        (DesignTarget Target, TargetFigure? Worst)[] rows = [.. DesignTargets.All.Select(t => (t, t.WorstOf(report, gateways)))];
        int measured = rows.Count(r => r.Worst is not null);
        int met = rows.Count(r => r.Worst is { } worst && r.Target.IsMetBy(worst));
        return Element(
            "section",
            Element("h2", "Design targets"),
            Element("p", $"{met} of {measured} measured targets are met by {gateways}; {rows.Length - measured} were not measured in this run."),
            ScrolledTable.Of(
                "Design targets; of several cases the worst counts",
                ["", "target", "verdict", "reached", "wanted", "where"],
                rows.Select(r => RowOf(r.Target, r.Worst))));
    }

    private static XElement RowOf(DesignTarget target, TargetFigure? worst)
    {
        (string style, string verdict) = worst is null ? ("unknown", "– not measured")
            : target.IsMetBy(worst) ? ("met", "✓ met")
            : ("short", "✗ short");
        return Element(
            "tr",
            Element("th", Attribute("scope", "row"), target.Id),
            Element("td", target.What),
            Styled("td", style, verdict),
            Styled("td", "number", worst is null ? "" : DesignTarget.Show(worst.Value)),
            Styled("td", "number", target.ShowLimit()),
            Element("td", worst?.Where ?? ""));
    }
}
