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
    /// <exception cref="PerfException">One is asked for that these options leave nothing to measure.</exception>
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
        if (!options.StartsGateways && all.FirstOrDefault(s => s.HasOwnGateways && options.Scenarios.Contains(s.Name)) is { } odd)
        {
            throw new PerfException($"{odd.Name} measures only gateways that are started here, which this run has none of") { ExitCode = 2 };
        }

        return
        [
            .. all.Where(s => options.Scenarios.Contains(s.Name)
                || (options.Scenarios.Count == 0 && (options.StartsGateways || !s.HasOwnGateways))),
        ];
    }
}
