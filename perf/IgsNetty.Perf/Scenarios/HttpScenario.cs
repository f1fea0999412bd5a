using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>
/// Keep-alive connections as a web server's load generator has them: a small request, its answer, and the next request.
/// </summary>
internal sealed class HttpScenario : IScenario
{
    public const string ScenarioName = "http";

    private static readonly int[] DefaultStreams = [1000];

    private readonly HttpTarget _target;

    public HttpScenario(PerfOptions options, HttpTarget target)
    {
        _target = target;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.Select(n => new LoadCase(LoadCase.CountOfStreams(n), (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => $"http: keep-alive requests, answers of {HttpExchange.Answer.Length} B";

    public IReadOnlyList<string> Targets => [_target.Name];

    // A minute more than the standard set has room for.
    public bool IsStandard => false;

    public Metric? Allocation => Metric.AllocatedPerRoundTrip;

    public IReadOnlyList<Metric> Metrics { get; } =
    [
        Metric.RoundTrips, Metric.P50, Metric.P99, Metric.P999, Metric.CpuPerRoundTrip, Metric.SwitchesPerRoundTrip,
        Metric.AllocatedPerRoundTrip, .. Metric.OfAnyLoad,
    ];

    public IReadOnlyList<LoadCase> Cases { get; }

    private Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        Exchange exchange = new(HttpExchange.Request(_target.Address), HttpExchange.Answer);
        PingPongLoad load = new(() => LoadSocket.Connect(contender.Addresses[_target.Name]), streams, () => exchange);
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Metric.RoundTrips, outcome.Count / outcome.Seconds);
        sample.Set(Metric.P50, load.LatencyMicroseconds(50));
        sample.Set(Metric.P99, load.LatencyMicroseconds(99));
        sample.Set(Metric.P999, load.LatencyMicroseconds(99.9));
        sample.Set(Metric.CpuPerRoundTrip, outcome.GatewayCpuSeconds * 1e6 / outcome.Count);
        sample.Set(Metric.SwitchesPerRoundTrip, (double?)outcome.ContextSwitches / outcome.Count);
        sample.Set(Metric.AllocatedPerRoundTrip, outcome.AllocatedBytes / outcome.Count);
        sample.SetCommon(outcome);
        return sample;
    }
}
