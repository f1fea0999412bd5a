using System.Globalization;
using IgsNetty.Perf.Scenarios;
using Spectre.Console;

namespace IgsNetty.Perf.Report;

/// <summary>The tables at the end: one a scenario, a row for each case and contender, medians of the rounds.</summary>
internal static class ResultTables
{
    public static void Write(IReadOnlyList<IScenario> scenarios, ResultBook results)
    {
        foreach (IScenario scenario in scenarios)
        {
            LoadCase[] finished = [.. scenario.Cases.Where(c => results.Contenders.Any(name => results.Samples(c, name).Count > 0))];
            if (finished.Length > 0)
            {
                AnsiConsole.WriteLine();
                AnsiConsole.Write(TableOf(scenario, finished, results));
            }
        }
    }

    private static Table TableOf(IScenario scenario, IReadOnlyList<LoadCase> cases, ResultBook results)
    {
        // A figure that nobody has, such as the CPU of gateways that were not ours, gets no column.
        bool IsKnown(Metric metric) => cases.Any(c => results.Contenders.Any(name => results.Median(c, name, metric) is not null));
        Metric[] metrics = [.. scenario.Metrics.Where(m => !m.IsDetail && IsKnown(m))];
        bool compares = results.Contenders.Count > 1 && metrics.Any(m => m.IsCompared);
        Table table = new Table { Title = new TableTitle(Markup.Escape(scenario.Title)) }.Border(TableBorder.Horizontal);
        table.Caption = new TableTitle(CaptionOf(metrics, compares));
        table.AddColumn(new TableColumn("").NoWrap().Padding(0, 0));
        foreach (Metric metric in metrics)
        {
            table.AddColumn(FigureColumn(metric.Heading));
            if (compares && metric.IsCompared)
            {
                table.AddColumn(FigureColumn("×"));
            }
        }

        foreach (LoadCase loadCase in cases)
        {
            table.AddRow(new Markup($"[bold]{Markup.Escape(loadCase.Title)}[/]"));
            foreach (string contender in results.Contenders.Where(name => results.Samples(loadCase, name).Count > 0))
            {
                table.AddRow([.. RowOf(loadCase, contender, metrics, compares, results)]);
                if (results.IsComparedWithFirst(contender))
                {
                    table.AddRow([.. RatiosToFirst(loadCase, contender, metrics, compares, results)]);
                }
            }
        }

        return table;
    }

    private static string CaptionOf(IReadOnlyList<Metric> metrics, bool compares)
    {
        string ratio = compares ? "×: of direct; " : "";
        string gateways = metrics.Contains(Metric.Memory) ? "CPU: both gateways; RSS: the larger one; " : "";
        return $"{ratio}{gateways}load: its own cores";
    }

    private static TableColumn FigureColumn(string heading) =>
        new TableColumn(Markup.Escape(heading)).RightAligned().NoWrap().PadLeft(1).PadRight(0);

    private static IEnumerable<string> RowOf(
        LoadCase loadCase, string contender, IReadOnlyList<Metric> metrics, bool compares, ResultBook results)
    {
        yield return " " + Markup.Escape(contender);
        foreach (Metric metric in metrics)
        {
            yield return metric.Show(results.Median(loadCase, contender, metric));
            if (compares && metric.IsCompared)
            {
                yield return ShowRatio(results.RatioToDirect(loadCase, contender, metric));
            }
        }
    }

    /// <summary>A line below the contender's own: a multiple of the first gateways' figure in every column.</summary>
    private static IEnumerable<string> RatiosToFirst(
        LoadCase loadCase, string contender, IReadOnlyList<Metric> metrics, bool compares, ResultBook results)
    {
        yield return Markup.Escape($"  × {results.First}");
        foreach (Metric metric in metrics)
        {
            yield return ShowRatio(results.RatioToFirst(loadCase, contender, metric));
            if (compares && metric.IsCompared)
            {
                yield return "";
            }
        }
    }

    private static string ShowRatio(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
