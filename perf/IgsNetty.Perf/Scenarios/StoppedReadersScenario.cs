using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Bulk streams, one of which has a reader that stops: what the others lose, and what the relay keeps for it.</summary>
internal sealed class StoppedReadersScenario : IScenario
{
    public const string ScenarioName = "stopped-readers";

    /// <summary>Two of them fit into the measured time, or more.</summary>
    private static readonly TimeSpan LongestCycle = TimeSpan.FromSeconds(4);

    /// <summary>Shorter turns would be over before the stop has had its effect.</summary>
    private static readonly TimeSpan LeastMeasured = TimeSpan.FromSeconds(2);

    private static readonly int[] DefaultStreams = [100];
    private static readonly Metric Loss = new("othersLossPercent", "others\nlose %", "0.0");
    private static readonly Metric Others = new("othersGbitPerSecondBeside", "beside\nGbit/s", "0.00") { IsCompared = true };
    private static readonly Metric OthersAlone = new("othersGbitPerSecondWithout", "without\nGbit/s", "0.00");

    private readonly BulkTarget _target;

    public StoppedReadersScenario(PerfOptions options, BulkTarget target)
    {
        _target = target;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases =
        [
            .. streams.SelectMany(n => new[]
            {
                CaseOf($"upload, 1 of {n}", BulkDirection.Upload, n), CaseOf($"download, 1 of {n}", BulkDirection.Download, n),
            }),
        ];
    }

    public string Name => ScenarioName;

    public string Title => "stopped-readers: bulk streams beside one whose reader stops";

    public IReadOnlyList<string> Targets => [_target.Name];

    public int LeastStreams => 2;

    public int MostStreams => BulkTarget.MostStreams;

    public IReadOnlyList<Metric> Metrics { get; } = [Loss, Others, OthersAlone, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private LoadCase CaseOf(string title, BulkDirection direction, int streams) =>
        new(title, (contender, timing, cancel) => Measure(direction, streams, contender, timing, cancel));

    private Sample Measure(BulkDirection direction, int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        LoadTiming whole = timing with { Measured = timing.Measured > LeastMeasured ? timing.Measured : LeastMeasured };
        TimeSpan cycle = whole.Measured / 2.1;
        BulkLoad bulk = new(contender.Addresses[_target.Name], Enumerable.Repeat(direction, streams), _target);
        StoppedReadersLoad load = new(bulk, _target.Gate, cycle < LongestCycle ? cycle : LongestCycle);
        LoadOutcome outcome = LoadRun.Measure(load, contender, whole, cancel);
        double? beside = load.OthersBytesPerSecond(beside: true) * 8 / 1e9;
        double? without = load.OthersBytesPerSecond(beside: false) * 8 / 1e9;
        Sample sample = new();
        sample.Set(Loss, (1 - (beside / without)) * 100);
        sample.Set(Others, beside);
        sample.Set(OthersAlone, without);
        sample.SetCommon(outcome);
        return sample;
    }
}
