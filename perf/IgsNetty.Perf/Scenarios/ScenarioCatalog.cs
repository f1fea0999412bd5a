using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Every scenario there is.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<string> Names { get; } = 
    [
        BulkScenario.ScenarioName, PingPongScenario.ScenarioName, ConnectScenario.ScenarioName, UdpScenario.ScenarioName,
        IdleScenario.ScenarioName, MixedScenario.ScenarioName, StoppedReadersScenario.ScenarioName,
        OpenLoopScenario.ScenarioName, UdpRateScenario.ScenarioName, SocksScenario.ScenarioName, HttpScenario.ScenarioName, SoakScenario.ScenarioName,
        FarScenario.ScenarioName,
    ];

    /// <summary>The scenarios that the options ask for.</summary>
    /// <exception cref="PerfException">One is asked for that cannot be run so.</exception>
    public static IReadOnlyList<IScenario> Create(PerfOptions options, TargetSet targets)
    {
        IScenario[] all =
        [
            new BulkScenario(options, targets.Bulk),
            new PingPongScenario(options, targets.Echo),
            new ConnectScenario(options, targets.Connect),
            new UdpScenario(options, targets.Udp),
            new IdleScenario(options),
            new MixedScenario(options, targets.Echo, targets.Bulk),
            new StoppedReadersScenario(options, targets.Bulk),
            new OpenLoopScenario(options, targets.Echo),
            new UdpRateScenario(options, targets.Udp),
            new SocksScenario(options, targets.Bulk, targets.Connect),
            new HttpScenario(options, targets.Http),
            new SoakScenario(options, targets.Echo, targets.Connect),
            new FarScenario(options),
        ];
        bool isWholeSet = options.Scenarios.Count == 0 || options.Scenarios.Contains(PerfOptions.AllScenarios);
        bool IsAskedFor(IScenario s) => isWholeSet
            ? (s.IsStandard || options.Scenarios.Count > 0) && (options.StartsGateways || !s.HasOwnGateways)
            : options.Scenarios.Contains(s.Name);
        IScenario[] chosen = [.. all.Where(IsAskedFor).Where(CanRun)];
        Array.ForEach(chosen, scenario => Check(scenario, options));
        return chosen;
    }

    /// <summary>A scenario that cannot run here is left out, and that is told.</summary>
    private static bool CanRun(IScenario scenario)
    {
        if (scenario.WhyNot() is not { } reason)
        {
            return true;
        }

        AnsiConsole.WriteLine($"{scenario.Name} is skipped: {reason}");
        return false;
    }

    private static void Check(IScenario scenario, PerfOptions options)
    {
        if (scenario.HasOwnGateways && !options.StartsGateways)
        {
            throw Wrong($"{scenario.Name} measures gateways that are started here, not --direct-only or --forward-…");
        }

        if (options.Streams.Any(n => n < scenario.LeastStreams || n > scenario.MostStreams))
        {
            string range = $"{scenario.LeastStreams} to {scenario.MostStreams}";
            throw Wrong($"{scenario.Name} takes {range} streams; choose others by --streams, or another scenario by --scenario");
        }
    }

    private static PerfException Wrong(string what) => new(what) { ExitCode = 2 };
}
