using System.Xml.Linq;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>A table that scrolls by itself where the screen is narrower, by finger and by key.</summary>
internal static class ScrolledTable
{
    /// <summary>Of cells that hold a figure; their heading stands where they do.</summary>
    private const string NumberStyle = "number";

    public static XElement Of(string caption, IReadOnlyList<string> headings, IEnumerable<XElement> rows)
    {
        XElement[] body = [.. rows];
        return Styled(
            "div",
            "scrolled",
            Attribute("tabindex", "0"),
            Attribute("role", "region"),
            Attribute("aria-label", caption),
            Element(
                "table",
                Element("caption", Element("span", caption)),
                Element("thead", Element("tr", headings.Select((heading, column) => HeadingOf(heading, HasNumbers(body, column))))),
                Element("tbody", body)));
    }

    private static XElement HeadingOf(string heading, bool hasNumbers) => heading.Length == 0
        ? Element("td", "")
        : Styled("th", hasNumbers ? NumberStyle : "words", Attribute("scope", "col"), heading);

    private static bool HasNumbers(XElement[] rows, int column) =>
        rows.Any(row => row.Elements().ElementAtOrDefault(column)?.Attribute("class")?.Value == NumberStyle);
}
