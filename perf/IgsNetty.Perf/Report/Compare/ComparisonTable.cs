using Spectre.Console;

namespace IgsNetty.Perf.Report.Compare;

/// <summary>What changed, in the terminal; what is the same is only counted.</summary>
internal static class ComparisonTable
{
    public static void Write(RunComparison comparison)
    {
        AnsiConsole.WriteLine();
        ComparisonRow[] changed = [.. comparison.Rows.Where(r => r.Verdict is ComparisonVerdict.Better or ComparisonVerdict.Worse)];
        if (changed.Length > 0)
        {
            Table table = new Table().Border(TableBorder.Horizontal);
            foreach (string heading in new[] { "", "contender", "figure", "old", "new", "change", "verdict" })
            {
                table.AddColumn(heading);
            }

            foreach (int number in new[] { 3, 4, 5 })
            {
                table.Columns[number].RightAligned();
            }

            foreach (ComparisonRow row in changed)
            {
                table.AddRow([.. CellsOf(row).Select(Markup.Escape)]);
            }

            AnsiConsole.Write(table);
        }

        AnsiConsole.WriteLine(ComparisonText.Summary(comparison));
    }

    private static IEnumerable<string> CellsOf(ComparisonRow row) =>
    [
        $"{row.Scenario}, {row.Case}",
        row.Contender.Name,
        ComparisonText.Name(row),
        ComparisonText.Figure(row, row.Old),
        ComparisonText.Figure(row, row.New),
        ComparisonText.Change(row),
        ComparisonText.Verdict(row.Verdict),
    ];
}
