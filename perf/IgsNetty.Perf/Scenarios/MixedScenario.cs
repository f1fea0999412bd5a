using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>One interactive stream beside bulk streams: how long its small messages wait for the others' bytes.</summary>
internal sealed class MixedScenario : IScenario
{
    public const string ScenarioName = "mixed";

    private static readonly int[] DefaultStreams = [4];
    private static readonly Metric Throughput = new("bulkGbitPerSecond", "bulk\nGbit/s", "0.00") { IsCompared = true };

    /// <summary>What tells relays apart here; the median shows little of it.</summary>
    private static readonly Metric P99 = Metric.P99 with { IsCompared = true };
    private static readonly Metric P50 = Metric.P50 with { IsCompared = false };
    private static readonly Metric RoundTrips = Metric.RoundTrips with { IsCompared = false };

    private readonly EchoTarget _echo;
    private readonly BulkTarget _bulk;
    private readonly int _messageSize;

    public MixedScenario(PerfOptions options, EchoTarget echo, BulkTarget bulk)
    {
        _echo = echo;
        _bulk = bulk;
        _messageSize = options.MessageSize;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases =
        [
            .. streams.SelectMany(n => new[]
            {
                CaseOf($"{n} up", Enumerable.Repeat(BulkDirection.Upload, n)),
                CaseOf($"{n} down", Enumerable.Repeat(BulkDirection.Download, n)),
                CaseOf($"{(n + 1) / 2} up, {n / 2} down", Enumerable.Range(0, n).Select(Alternate)),
            }),
        ];
    }

    public string Name => ScenarioName;

    public string Title => $"mixed: {_messageSize} B there and back on one stream, beside bulk streams";

    public IReadOnlyList<string> Targets => [_echo.Name, _bulk.Name];

    public int MostStreams => BulkTarget.MostStreams;

    public IReadOnlyList<Metric> Metrics { get; } =
        [P99, P50, Metric.Slowest, RoundTrips, Throughput, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private static BulkDirection Alternate(int stream) => stream % 2 == 0 ? BulkDirection.Upload : BulkDirection.Download;

    private LoadCase CaseOf(string title, IEnumerable<BulkDirection> directions) =>
        new(title, (contender, timing, cancel) => Measure(directions, contender, timing, cancel));

    private Sample Measure(IEnumerable<BulkDirection> directions, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        PingPongLoad pingPong = new(contender.Addresses[_echo.Name], streams: 1, _messageSize);
        BulkLoad bulk = new(contender.Addresses[_bulk.Name], directions, _bulk);
        LoadOutcome outcome = LoadRun.Measure(new MixedLoad(pingPong, bulk), contender, timing, cancel);
        Sample sample = new();
        sample.Set(P99, pingPong.LatencyMicroseconds(99));
        sample.Set(P50, pingPong.LatencyMicroseconds(50));
        sample.Set(Metric.Slowest, pingPong.LatencyMicroseconds(100));
        sample.Set(RoundTrips, outcome.Count / outcome.Seconds);
        sample.Set(Throughput, outcome.CountBeside * 8 / 1e9 / outcome.Seconds);
        sample.SetCommon(outcome);
        return sample;
    }
}
