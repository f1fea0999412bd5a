using IgsNetty.Perf.Report.Compare;
using IgsNetty.Perf.Report.Saved;
using Spectre.Console;

namespace IgsNetty.Perf;

/// <summary>What a command line asks for: a load test or the file of one, what it leaves, and the comparison with an earlier one.</summary>
internal static class PerfCommand
{
    private const int TableWidth = 100;
    private const int FileWidth = 200;
    private const int Done = 0;
    private const int SomethingIsWorse = 3;

    /// <returns>What the program exits with.</returns>
    /// <exception cref="PerfException">Something failed.</exception>
    public static int Run(PerfOptions options, CancellationToken cancel)
    {
        // A file or a pipe has no width, and a table that is wrapped by a narrow terminal is better than one with columns cut.
        AnsiConsole.Profile.Width = AnsiConsole.Profile.Out.IsTerminal ? Math.Max(AnsiConsole.Profile.Width, TableWidth) : FileWidth;

        // Now: a wrong file shows before the load test and not after it.
        RunReport? old = options.CompareFile is { } earlier ? RunReportFile.Read(earlier) : null;
        SessionFiles.Prepare(options);
        RunReport report = options.WithFile is { } later ? RunReportFile.Read(later) : PerfSession.Run(options, cancel);
        RunComparison? comparison = old is null ? null : RunComparison.Of(old, report);
        if (comparison is not null)
        {
            ComparisonTable.Write(comparison);
            foreach (string difference in RunComparison.Differences(comparison.Old, report))
            {
                AnsiConsole.WriteLine($"Mind: {difference}");
            }
        }

        SessionFiles.Write(options, report, comparison);
        return comparison is { IsWorse: true } ? SomethingIsWorse : Done;
    }
}
