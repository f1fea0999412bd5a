using System.Globalization;
using System.Xml.Linq;

namespace IgsNetty.Perf.Report.Html;

/// <summary>Short ways to make elements of HTML and SVG; all text is escaped.</summary>
internal static class HtmlElements
{
    public static XElement Element(string name, params object?[] content) => new(name, content);

    /// <summary>With a CSS class.</summary>
    public static XElement Styled(string name, string style, params object?[] content) => new(name, Attribute("class", style), content);

    public static XAttribute Attribute(string name, string value) => new(name, value);

    public static XAttribute Attribute(string name, double value) => new(name, Number(value));

    /// <summary>Of the width or height of the drawing that it is in.</summary>
    public static XAttribute PercentAttribute(string name, double value) => new(name, Number(value) + "%");

    /// <summary>Short and the same in every country.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
