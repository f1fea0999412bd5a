using System.Globalization;
using System.Xml.Linq;
using IgsNetty.Perf.Report.Compare;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>The report for a browser: one file, which fetches nothing and runs nothing.</summary>
internal static class HtmlReport
{
    private const string StyleSheet = "IgsNetty.Perf.Report.Html.report.css";

    public static string Of(RunReport report, RunComparison? comparison)
    {
        ContenderStyles styles = new(report.Contenders);
        XElement page = Element(
            "html",
            Attribute("lang", "en"),
            Element(
                "head",
                Element("meta", Attribute("charset", "utf-8")),
                Element("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                Element("meta", Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("title", $"IgsNetty load test, {report.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"),
                Element("style", ReadStyleSheet())),
            Element(
                "body",
                Element(
                    "main",
                    Element("h1", "IgsNetty load test"),
                    Styled("p", "unknown", SubtitleOf(report)),
                    report.Notes.Select(note => Styled("p", "note", note)),
                    TargetSection.Of(report),
                    comparison is null ? null : ComparisonSection.Of(comparison),
                    MachineSection.Of(report),
                    report.Scenarios.Select(s => ScenarioSection.Of(s, styles)))));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting).Replace("<section", "\n<section", StringComparison.Ordinal) + "\n";
    }

    private static string SubtitleOf(RunReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Date:yyyy-MM-dd HH:mm} UTC, {string.Join(", ", report.Contenders.Select(c => c.Name))}");

    /// <summary>It must do without the signs &lt;, &gt; and &amp;, which a style element cannot escape.</summary>
    private static string ReadStyleSheet()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(StyleSheet)!;
        using StreamReader reader = new(stream);
        return "\n" + reader.ReadToEnd();
    }
}
