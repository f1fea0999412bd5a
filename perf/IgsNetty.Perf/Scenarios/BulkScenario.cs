using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>As many bytes as go through, one way or both at once; counted where they arrive.</summary>
internal sealed class BulkScenario : IScenario
{
    public const string ScenarioName = "bulk";

    private static readonly int[] DefaultStreams = [1, 16];
    private static readonly BulkDirection[] Directions = [BulkDirection.Upload, BulkDirection.Download, BulkDirection.Both];
    public static readonly Metric Throughput = new("gbitPerSecond", "\nGbit/s", "0.00") { IsCompared = true };
    public static readonly Metric CpuPerGigabyte = new("gatewayCpuSecondsPerGB", "CPU\ns/GB", "0.000");

    private static readonly Metric AllocatedPerGigabyte = new("gatewayAllocatedBytesPerGB", "alloc\nB/GB", "0") { IsDetail = true };

    private readonly BulkTarget _target;

    public BulkScenario(PerfOptions options, BulkTarget target)
    {
        _target = target;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.SelectMany(n => Directions.Select(direction => CaseOf(direction, n)))];
    }

    public string Name => ScenarioName;

    public string Title => "bulk: throughput";

    public IReadOnlyList<string> Targets => [_target.Name];

    public int MostStreams => BulkTarget.MostStreams;

    public Metric? Allocation => AllocatedPerGigabyte;

    public IReadOnlyList<Metric> Metrics { get; } = [Throughput, CpuPerGigabyte, AllocatedPerGigabyte, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private LoadCase CaseOf(BulkDirection direction, int streams)
    {
        string way = direction switch
        {
            BulkDirection.Upload => "upload",
            BulkDirection.Download => "download",
            _ => "both ways",
        };
        return new LoadCase($"{way}, {LoadCase.CountOfStreams(streams)}", (contender, timing, cancel) =>
            Measure(direction, streams, contender, timing, cancel));
    }

    private Sample Measure(BulkDirection direction, int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        BulkLoad load = new(contender.Addresses[_target.Name], Enumerable.Repeat(direction, streams), _target);
        return Measure(load, contender, timing, cancel);
    }

    /// <summary>One load run, and the figures that bulk streams have wherever they go.</summary>
    public static Sample Measure(BulkLoad load, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Throughput, outcome.Count * 8 / 1e9 / outcome.Seconds);
        sample.Set(CpuPerGigabyte, outcome.GatewayCpuSeconds / (outcome.Count / 1e9));
        sample.Set(AllocatedPerGigabyte, outcome.AllocatedBytes / (outcome.Count / 1e9));
        sample.SetCommon(outcome);
        return sample;
    }
}
