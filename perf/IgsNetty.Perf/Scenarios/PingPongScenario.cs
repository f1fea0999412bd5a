using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>A small message there and back on each stream, the next one when the last is back.</summary>
internal sealed class PingPongScenario : IScenario
{
    public const string ScenarioName = "ping-pong";

    private static readonly int[] DefaultStreams = [1, 64, 1000];
    private static readonly Metric P90 = new("p90Microseconds", "p90\nµs", "0.0");

    private readonly EchoTarget _target;
    private readonly int _messageSize;

    public PingPongScenario(PerfOptions options, EchoTarget target)
    {
        _target = target;
        _messageSize = options.MessageSize;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.Select(n => new LoadCase(LoadCase.CountOfStreams(n), (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => $"ping-pong: {_messageSize} B there and back";

    public IReadOnlyList<string> Targets => [_target.Name];

    public Metric? Allocation => Metric.AllocatedPerRoundTrip;

    public IReadOnlyList<Metric> Metrics { get; } =
    [
        Metric.RoundTrips, Metric.P50, P90, Metric.P99, Metric.P999, Metric.CpuPerRoundTrip, Metric.SwitchesPerRoundTrip,
        Metric.AllocatedPerRoundTrip, .. Metric.OfAnyLoad,
    ];

    public IReadOnlyList<LoadCase> Cases { get; }

    private Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        PingPongLoad load = new(contender.Addresses[_target.Name], streams, _messageSize);
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Metric.RoundTrips, outcome.Count / outcome.Seconds);
        sample.Set(Metric.P50, load.LatencyMicroseconds(50));
        sample.Set(P90, load.LatencyMicroseconds(90));
        sample.Set(Metric.P99, load.LatencyMicroseconds(99));
        sample.Set(Metric.P999, load.LatencyMicroseconds(99.9));
        sample.Set(Metric.CpuPerRoundTrip, outcome.GatewayCpuSeconds * 1e6 / outcome.Count);
        sample.Set(Metric.SwitchesPerRoundTrip, (double?)outcome.ContextSwitches / outcome.Count);
        sample.Set(Metric.AllocatedPerRoundTrip, outcome.AllocatedBytes / outcome.Count);
        sample.SetCommon(outcome);
        return sample;
    }
}
