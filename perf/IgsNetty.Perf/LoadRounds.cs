using System.Globalization;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Sampling;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Scenarios;
using Spectre.Console;

namespace IgsNetty.Perf;

/// <summary>Every load run of one load test: each case in rounds, in each of which the contenders take turns.</summary>
internal sealed class LoadRounds(
    PerfOptions options, IReadOnlyList<IScenario> scenarios, IReadOnlyList<Contender> contenders, ResultBook results)
{
    // What a load run takes beside its own time, for the estimate.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan OwnGateways = TimeSpan.FromSeconds(8);

    /// <summary>Peers that have failed in a scenario, by both names.</summary>
    private readonly HashSet<(string Scenario, string Peer)> _withdrawn = [];

    // Long enough for two whole intervals of the runtime's counters, behind the one in which the streams are opened.
    private static readonly LoadTiming AllocationTiming = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.5));

    private readonly LoadTiming _warmUp = new(TimeSpan.Zero, TimeSpan.FromSeconds(Math.Min(1, options.DurationSeconds / 2)));
    private readonly LoadTiming _timing = new(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(options.DurationSeconds));

    /// <exception cref="PerfException">One failed.</exception>
    public void Run(CancellationToken cancel)
    {
        int runs = scenarios.Sum(s => ContendersOf(s).Count() * s.Cases.Count) * options.Rounds;
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{runs} load runs of {options.DurationSeconds:0.##} s, about {EstimateTime():h\\:mm\\:ss}"));
        RunProgress.Show(runs, progress =>
        {
            WarmUp(cancel);
            foreach (IScenario scenario in scenarios)
            {
                foreach (LoadCase loadCase in scenario.Cases)
                {
                    RunCase(scenario, loadCase, progress, cancel);
                    MeasureAllocations(scenario, loadCase, cancel);
                }
            }
        });
    }

    private void RunCase(IScenario scenario, LoadCase loadCase, IRunProgress progress, CancellationToken cancel)
    {
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Contender contender in ContendersOf(scenario).ToArray())
            {
                string label = $"{scenario.Name} {loadCase.Title}, {contender.Name}, round {round}";
                progress.Starting(label);
                if (RunOne(label, scenario, loadCase, contender, _timing, cancel) is { } sample)
                {
                    results.Add(loadCase, contender, sample);
                    progress.Finished(label, sample, scenario.Metrics.First(m => sample.Get(m) is not null));
                }
            }
        }
    }

    /// <summary>In load runs of their own, so that it does not change the other figures; it stands with those of the last round.</summary>
    private void MeasureAllocations(IScenario scenario, LoadCase loadCase, CancellationToken cancel)
    {
        foreach (Contender contender in WithAllocations(scenario))
        {
            using GatewayAllocations allocations = new(contender.Gateways);
            string label = $"{scenario.Name} {loadCase.Title}, {contender.Name}, allocations";
            Contender measured = contender with { Allocations = allocations };
            Sample? sample = RunOne(label, scenario, loadCase, measured, AllocationTiming, cancel);
            results.Samples(loadCase, contender.Name)[^1].Set(scenario.Allocation!, sample?.Get(scenario.Allocation!));
        }
    }

    private IEnumerable<Contender> WithAllocations(IScenario scenario) =>
        scenario.Allocation is null || options.NoAllocations
            ? []
            : ContendersOf(scenario).Where(c => c is { Kind: ContenderKind.Gateways, Gateways.Count: > 0 });

    /// <summary>
    /// A relay's code is compiled in steps as it gets hot, and nothing of that belongs in a sample. The load generator's own is
    /// compiled at once.
    /// </summary>
    private void WarmUp(CancellationToken cancel)
    {
        foreach ((IScenario scenario, Contender contender) in WarmUps().ToArray())
        {
            string label = $"{scenario.Name} warm-up, {contender.Name}";
            RunOne(label, scenario, scenario.Cases[^1], contender, _warmUp, cancel);
        }
    }

    private IEnumerable<(IScenario Scenario, Contender Contender)> WarmUps() =>
        from scenario in scenarios
        where !scenario.HasOwnGateways
        from contender in ContendersOf(scenario)
        where contender.Name != Contender.DirectName
        select (scenario, contender);

    private IEnumerable<Contender> ContendersOf(IScenario scenario) =>
        contenders.Where(c => !_withdrawn.Contains((scenario.Name, c.Name)) && scenario.TakesPart(c));

    private TimeSpan EstimateTime()
    {
        TimeSpan time = WarmUps().Count() * (_warmUp.Total + Between);
        foreach (IScenario scenario in scenarios)
        {
            TimeSpan one = _timing.Total + (scenario.HasOwnGateways ? OwnGateways : Between);
            time += WithAllocations(scenario).Count() * scenario.Cases.Count * (AllocationTiming.Total + Between);
            time += ContendersOf(scenario).Count() * scenario.Cases.Count * options.Rounds * one;
        }

        return time;
    }

    /// <returns>Null if a peer failed: it is no longer part of the scenario, and the others go on.</returns>
    private Sample? RunOne(
        string label, IScenario scenario, LoadCase loadCase, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        try
        {
            return loadCase.Run(contender, timing, cancel);
        }
        catch (PerfException e) when (contender.Kind == ContenderKind.Peer)
        {
            _withdrawn.Add((scenario.Name, contender.Name));
            string note = $"{label}: {e.Message.Split('\n')[0]}; {contender.Name} has no further part in {scenario.Name}";
            AnsiConsole.WriteLine(note);
            results.Notes.Add(note);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A scenario with gateways of its own has said what became of them.
            string gateways = scenario.HasOwnGateways ? "" : contender.StateOfGateways();
            throw new PerfException($"{label}: {e.Message}{gateways}", e);
        }
    }
}
