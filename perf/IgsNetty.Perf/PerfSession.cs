using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Saved;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf;

/// <summary>One load test from start to end: targets, gateways, every case in interleaved rounds, the report.</summary>
internal static class PerfSession
{
    /// <summary>Runs whatever the options say. Gateways are stopped on every way out; results made before a failure are shown and written.</summary>
    /// <returns>What it found.</returns>
    /// <exception cref="PerfException">Something failed.</exception>
    public static RunReport Run(PerfOptions options, CancellationToken cancel)
    {
        using TargetSet targets = new(options.TargetAddresses);
        IReadOnlyList<IScenario> scenarios = ScenarioCatalog.Create(options, targets);
        if (options.ForwardAddresses.Count > 0)
        {
            CheckForwards(options, scenarios);
        }

        ResultBook results = new();
        RunReportBuilder builder = new(options, scenarios, results);
        try
        {
            using RelayFleet relays = new(options, targets);
            IReadOnlyList<Contender> contenders = ContenderCatalog.Create(options, targets, relays, cancel);
            new LoadRounds(options, scenarios, contenders, results).Run(cancel);
            relays.Stop();
        }
        catch (Exception e)
        {
            results.Notes.Add($"Not a whole load test: {(e is OperationCanceledException ? "it was stopped" : e.Message.Split('\n')[0])}");
            KeepWhatThereIs(options, builder.Build());
            throw;
        }

        RunReport report = builder.Build();
        ResultTables.Write(report);
        return report;
    }

    private static void KeepWhatThereIs(PerfOptions options, RunReport report)
    {
        if (report.Scenarios.Count > 0)
        {
            ResultTables.Write(report);
            SessionFiles.Write(options, report, comparison: null);
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
