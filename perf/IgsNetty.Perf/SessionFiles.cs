using System.Globalization;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Compare;
using IgsNetty.Perf.Report.Html;
using IgsNetty.Perf.Report.Saved;
using Spectre.Console;

namespace IgsNetty.Perf;

/// <summary>The files that a load test leaves: the HTML report, and the JSON that other programs read.</summary>
internal static class SessionFiles
{
    /// <exception cref="PerfException">One cannot be written; so says this before the load test and not after it.</exception>
    public static void Prepare(PerfOptions options)
    {
        foreach (string file in new[] { options.JsonFile, options.HtmlFile }.OfType<string>())
        {
            ReportFile.Prepare(file);
        }
    }

    /// <summary>Half of a load test says in its notes that it is one.</summary>
    /// <exception cref="PerfException">One cannot be written.</exception>
    public static void Write(PerfOptions options, RunReport report, RunComparison? comparison)
    {
        if (options.JsonFile is not null)
        {
            Write(options.JsonFile, RunReportFile.ToJson(report));
        }

        if (!options.NoHtml)
        {
            Write(options.HtmlFile ?? DefaultHtmlFile(report.Date), HtmlReport.Of(report, comparison));
        }
    }

    private static void Write(string file, string text)
    {
        ReportFile.Prepare(file);
        ReportFile.Write(file, text);
        AnsiConsole.WriteLine($"Written: {file}");
    }

    private static string DefaultHtmlFile(DateTimeOffset date) => Path.Combine(
        RepositoryFolder.Find() ?? Environment.CurrentDirectory,
        "perf",
        "out",
        date.ToString("'report-'yyyy-MM-dd-HHmmss'.html'", CultureInfo.InvariantCulture));
}
