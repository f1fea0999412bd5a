using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Every scenario there is.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<string> Names { get; } = 
    [
        BulkScenario.ScenarioName, PingPongScenario.ScenarioName, ConnectScenario.ScenarioName, UdpScenario.ScenarioName,
        IdleScenario.ScenarioName, MixedScenario.ScenarioName, StoppedReadersScenario.ScenarioName,
        OpenLoopScenario.ScenarioName,
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
        ];
        bool IsAskedFor(IScenario s) => options.Scenarios.Contains(s.Name);
        IScenario[] chosen =
        [
            .. options.Scenarios.Count > 0 ? all.Where(IsAskedFor) : all.Where(s => s.IsStandard && (options.StartsGateways || !s.HasOwnGateways)),
        ];
        Array.ForEach(chosen, scenario => Check(scenario, options));
        return chosen;
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
