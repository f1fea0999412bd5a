using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>A new connection for each byte, so many at a time: what opening and closing cost.</summary>
internal sealed class ConnectScenario : IScenario
{
    public const string ScenarioName = "connect";

    private static readonly int[] DefaultCalls = [1, 16];
    public static readonly Metric Rate = new("connectionsPerSecond", "\nconns/s", "N0") { IsCompared = true };
    public static readonly Metric CpuPerConnection = new("gatewayCpuMicrosecondsPerConnection", "CPU\nµs", "0.00");

    private static readonly Metric AllocatedPerConnection = new("gatewayAllocatedBytesPerConnection", "alloc\nB", "0") { IsDetail = true };

    private readonly ConnectTarget _target;

    public ConnectScenario(PerfOptions options, ConnectTarget target)
    {
        _target = target;
        IReadOnlyList<int> calls = options.Streams.Count > 0 ? options.Streams : DefaultCalls;
        Cases = [.. calls.Select(n => new LoadCase($"{n} at a time", (contender, timing, cancel) =>
            Measure(new ConnectLoad(contender.Addresses[_target.Name], n), contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => "connect: connections of one byte there and back";

    public IReadOnlyList<string> Targets => [_target.Name];

    public Metric? Allocation => AllocatedPerConnection;

    public IReadOnlyList<Metric> Metrics { get; } =
        [Rate, Metric.P50, Metric.P99, CpuPerConnection, AllocatedPerConnection, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    /// <summary>One load run, and the figures that short connections have wherever they go.</summary>
    public static Sample Measure(ConnectLoad load, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Rate, outcome.Count / outcome.Seconds);
        sample.Set(Metric.P50, load.LatencyMicroseconds(50));
        sample.Set(Metric.P99, load.LatencyMicroseconds(99));
        sample.Set(CpuPerConnection, outcome.GatewayCpuSeconds * 1e6 / outcome.Count);
        sample.Set(AllocatedPerConnection, outcome.AllocatedBytes / outcome.Count);
        sample.SetCommon(outcome);
        return sample;
    }
}
