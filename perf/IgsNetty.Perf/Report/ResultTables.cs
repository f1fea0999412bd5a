using System.Globalization;
using IgsNetty.Perf.Report.Saved;
using Spectre.Console;

namespace IgsNetty.Perf.Report;

/// <summary>The tables at the end: one a scenario, a row for each case and contender, medians of the rounds.</summary>
internal static class ResultTables
{
    public static void Write(RunReport report)
    {
        foreach (ScenarioReport scenario in report.Scenarios)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.Write(TableOf(scenario, report));
        }
    }

    private static Table TableOf(ScenarioReport scenario, RunReport report)
    {
        bool hasRatios = HasRatios(scenario);
        bool hasSpreads = HasSpreads(scenario);
        Table table = new Table { Title = new TableTitle(Markup.Escape(scenario.Title)) }.Border(TableBorder.Horizontal);
        table.Caption = new TableTitle(Markup.Escape(CaptionOf(scenario, hasRatios, hasSpreads)));
        table.AddColumn(new TableColumn("").NoWrap().Padding(0, 0));
        foreach (Metric metric in scenario.Columns)
        {
            table.AddColumn(FigureColumn(metric.Heading));
            AddIf(metric.IsCompared && hasSpreads, "\n±%");
            AddIf(metric.IsCompared && hasRatios, "\n×");
        }

        void AddIf(bool isShown, string heading)
        {
            if (isShown)
            {
                table.AddColumn(FigureColumn(heading));
            }
        }

        foreach (CaseReport oneCase in scenario.Cases)
        {
            table.AddRow(new Markup($"[bold]{Markup.Escape(oneCase.Title)}[/]"));
            foreach (ContenderReport contender in oneCase.Contenders)
            {
                table.AddRow(
                [
                    " " + Markup.Escape(contender.Name),
                    .. scenario.Columns.SelectMany(m => CellsOf(
                        m, m.Show(contender.Median(m)), ShowSpread(contender.Spread(m)), ShowRatio(contender.RatioToReference(m)))),
                ]);
                if (report.IsComparedWithFirst(contender.Name))
                {
                    // A multiple of the first gateways' figure in every column.
                    table.AddRow(
                    [
                        Markup.Escape($"  × {report.First}"),
                        .. scenario.Columns.SelectMany(m => CellsOf(m, ShowRatio(contender.RatioToFirst(m)), "", "")),
                    ]);
                }
            }
        }

        IEnumerable<string> CellsOf(Metric metric, string figure, string spread, string ratio) =>
        [
            figure, .. metric.IsCompared && hasSpreads ? [spread] : Array.Empty<string>(),
            .. metric.IsCompared && hasRatios ? [ratio] : Array.Empty<string>(),
        ];

        return table;
    }

    private static bool HasRatios(ScenarioReport scenario) =>
        scenario.Cases.Any(c => c.Contenders.Any(x => scenario.Metrics.Any(m => m.IsCompared && x.RatioToReference(m) is not null)));

    private static bool HasSpreads(ScenarioReport scenario) =>
        scenario.Cases.Any(c => c.Contenders.Any(x => scenario.Metrics.Any(m => m.IsCompared && x.Spread(m) is not null)));

    private static string CaptionOf(ScenarioReport scenario, bool hasRatios, bool hasSpreads) => string.Concat(
        hasSpreads ? "±%: spread of the rounds; " : "",
        hasRatios ? $"×: of {scenario.Reference}; " : "",
        scenario.Metrics.Contains(Metric.Memory) ? "CPU: both gateways; RSS: the larger one; " : "",
        "load: its own cores");

    private static TableColumn FigureColumn(string heading) =>
        new TableColumn(Markup.Escape(heading)).RightAligned().NoWrap().PadLeft(1).PadRight(0);

    private static string ShowSpread(double? percent) => percent?.ToString("0", CultureInfo.InvariantCulture) ?? "";

    private static string ShowRatio(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
