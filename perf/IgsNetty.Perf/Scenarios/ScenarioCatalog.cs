using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Every scenario there is.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<string> Names { get; } = 
    [
        BulkScenario.ScenarioName, PingPongScenario.ScenarioName, ConnectScenario.ScenarioName, UdpScenario.ScenarioName,
    ];

    /// <summary>The scenarios that the options ask for.</summary>
    public static IReadOnlyList<IScenario> Create(PerfOptions options, TargetSet targets)
    {
        IScenario[] all =
        [
            new BulkScenario(options, targets.Bulk),
            new PingPongScenario(options, targets.Echo),
            new ConnectScenario(options, targets.Connect),
            new UdpScenario(options, targets.Udp),
        ];
        return [.. all.Where(s => options.Scenarios.Count == 0 || options.Scenarios.Contains(s.Name))];
    }
}
