using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Scenarios;
using Spectre.Console;

namespace IgsNetty.Perf;

/// <summary>One load test from start to end: targets, gateways, every case in interleaved rounds, the report.</summary>
internal static class PerfSession
{
    private const int TableWidth = 80;
    private const int FileWidth = 200;

    /// <summary>Runs whatever the options say. Gateways are stopped on every way out; results made before a failure are shown.</summary>
    /// <exception cref="PerfException">Something failed.</exception>
    public static void Run(PerfOptions options, CancellationToken cancel)
    {
        // A file or a pipe has no width, and a table that is wrapped by a narrow terminal is better than one with columns cut.
        AnsiConsole.Profile.Width = AnsiConsole.Profile.Out.IsTerminal ? Math.Max(AnsiConsole.Profile.Width, TableWidth) : FileWidth;
        using TargetSet targets = new(options.TargetAddresses);
        IReadOnlyList<IScenario> scenarios = ScenarioCatalog.Create(options, targets);
        if (options.ForwardAddresses.Count > 0)
        {
            CheckForwards(options, scenarios);
        }

        if (options.JsonFile is not null)
        {
            JsonReport.Prepare(options.JsonFile);
        }

        ResultBook results = new();
        try
        {
            using RelayFleet relays = new(options, targets.All);
            IReadOnlyList<Contender> contenders = ContenderCatalog.Create(options, targets.All, relays, cancel);
            new LoadRounds(options, scenarios, contenders, results).Run(cancel);
            relays.Stop();
        }
        finally
        {
            ResultTables.Write(scenarios, results);
        }

        // Only now: nobody shall take half a load test for a whole one.
        if (options.JsonFile is not null)
        {
            JsonReport.Write(options.JsonFile, options, scenarios, results);
            AnsiConsole.WriteLine($"Written: {options.JsonFile}");
        }
    }

    private static void CheckForwards(PerfOptions options, IReadOnlyList<IScenario> scenarios)
    {
        foreach (IScenario scenario in scenarios)
        {
            foreach (string target in scenario.Targets.Where(t => !options.ForwardAddresses.ContainsKey(t)))
            {
                throw new PerfException($"{scenario.Name} needs --forward-{target}; or choose another by --scenario") { ExitCode = 2 };
            }
        }
    }
}
