using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>A datagram there and back on each flow, the next one when the last is back or lost.</summary>
internal sealed class UdpScenario : IScenario
{
    public const string ScenarioName = "udp";

    private static readonly int[] DefaultFlows = [1, 64];
    private static readonly Metric Lost = new("lostDatagrams", "\nlost", "0");

    private readonly UdpTarget _target;

    public UdpScenario(PerfOptions options, UdpTarget target)
    {
        _target = target;
        IReadOnlyList<int> flows = options.Streams.Count > 0 ? options.Streams : DefaultFlows;
        Cases = [.. flows.Select(n => new LoadCase(n == 1 ? "1 flow" : $"{n} flows", (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => $"udp: datagrams of {UdpFlow.Size} B there and back";

    public IReadOnlyList<string> Targets => [_target.Name];

    public Metric? Allocation => Metric.AllocatedPerRoundTrip;

    public IReadOnlyList<Metric> Metrics { get; } =
    [
        Metric.RoundTrips, Metric.P50, Metric.P99, Lost, Metric.CpuPerRoundTrip, Metric.SwitchesPerRoundTrip,
        Metric.AllocatedPerRoundTrip, .. Metric.OfAnyLoad,
    ];

    public IReadOnlyList<LoadCase> Cases { get; }

    private Sample Measure(int flows, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        UdpLoad load = new(contender.Addresses[_target.Name], flows);
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Metric.RoundTrips, outcome.Count / outcome.Seconds);
        sample.Set(Metric.P50, load.LatencyMicroseconds(50));
        sample.Set(Metric.P99, load.LatencyMicroseconds(99));
        sample.Set(Lost, load.Lost);
        sample.Set(Metric.CpuPerRoundTrip, outcome.GatewayCpuSeconds * 1e6 / outcome.Count);
        sample.Set(Metric.SwitchesPerRoundTrip, (double?)outcome.ContextSwitches / outcome.Count);
        sample.Set(Metric.AllocatedPerRoundTrip, outcome.AllocatedBytes / outcome.Count);
        sample.SetCommon(outcome);
        return sample;
    }
}
