using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Every scenario there is.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<string> Names { get; } = 
    [
        BulkScenario.ScenarioName, PingPongScenario.ScenarioName, ConnectScenario.ScenarioName, UdpScenario.ScenarioName,
        IdleScenario.ScenarioName,
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
            new IdleScenario(options, targets.Echo),
        ];
        bool IsAskedFor(IScenario s) => options.Scenarios.Contains(s.Name);
        IScenario[] chosen =
        [
            .. options.Scenarios.Count > 0 ? all.Where(IsAskedFor) : all.Where(s => options.StartsGateways || !s.HasOwnGateways),
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

        if (options.Streams.Any(n => n > scenario.MostStreams))
        {
            throw Wrong($"{scenario.Name} takes no more than {scenario.MostStreams} streams; choose another by --scenario");
        }
    }

    private static PerfException Wrong(string what) => new(what) { ExitCode = 2 };
}
