using System.Globalization;
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
            using GatewayFleet gateways = new(options, targets.All);
            IReadOnlyList<Contender> contenders = ContenderCatalog.Create(options, targets.All, gateways, cancel);
            RunAll(options, scenarios, contenders, results, cancel);
            gateways.Stop();
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
        foreach (IScenario scenario in scenarios.Where(s => !options.ForwardAddresses.ContainsKey(s.Target)))
        {
            throw new PerfException($"{scenario.Name} needs --forward-{scenario.Target}; or choose another by --scenario") { ExitCode = 2 };
        }
    }

    private static void RunAll(
        PerfOptions options,
        IReadOnlyList<IScenario> scenarios,
        IReadOnlyList<Contender> contenders,
        ResultBook results,
        CancellationToken cancel)
    {
        LoadTiming timing = new(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(options.DurationSeconds));
        int runs = scenarios.Sum(s => s.Cases.Count) * options.Rounds * contenders.Count;
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs} load runs of {options.DurationSeconds:0.##} s, about {runs * (timing.Total + TimeSpan.FromSeconds(0.1)):mm\\:ss}"));
        RunProgress.Show(runs, progress =>
        {
            WarmUp(scenarios, contenders, cancel);
            foreach (IScenario scenario in scenarios)
            {
                foreach (LoadCase loadCase in scenario.Cases)
                {
                    for (int round = 1; round <= options.Rounds; round++)
                    {
                        foreach (Contender contender in contenders)
                        {
                            string label = $"{scenario.Name} {loadCase.Title}, {contender.Name}, round {round}";
                            progress.Starting(label);
                            Sample sample = RunOne(label, loadCase, contender, timing, cancel);
                            results.Add(loadCase, contender, sample);
                            progress.Finished(label, sample, scenario.Metrics[0]);
                        }
                    }
                }
            }
        });
    }

    /// <summary>The gateways' code is compiled in steps as it gets hot; nothing of that belongs in a sample.</summary>
    private static void WarmUp(IReadOnlyList<IScenario> scenarios, IReadOnlyList<Contender> contenders, CancellationToken cancel)
    {
        LoadTiming timing = new(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        foreach (IScenario scenario in scenarios)
        {
            foreach (Contender contender in contenders)
            {
                RunOne($"{scenario.Name} warm-up, {contender.Name}", scenario.Cases[^1], contender, timing, cancel);
            }
        }
    }

    private static Sample RunOne(string label, LoadCase loadCase, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        try
        {
            return loadCase.Run(contender, timing, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new PerfException($"{label}: {e.Message}{contender.StateOfGateways()}", e);
        }
    }
}
