using System.Globalization;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>
/// Requests at a fixed rate, as many independent users send them: they do not wait for one another, so a stall meets all that come while
/// it lasts. In <see cref="PingPongScenario"/> it meets one a stream, and what would have been sent meanwhile is left out.
/// </summary>
internal sealed class OpenLoopScenario : IScenario
{
    public const string ScenarioName = "open-loop";

    private const int DefaultRate = 10_000;
    private static readonly int[] DefaultStreams = [64];
    private static readonly Metric Answered = new("answersPerSecond", "\nanswers/s", "N0");
    private static readonly Metric Behind = new("sentLatePercent", "late\n%", "0.00");

    private readonly EchoTarget _target;
    private readonly int _size;
    private readonly int _rate;

    public OpenLoopScenario(PerfOptions options, EchoTarget target)
    {
        _target = target;
        _size = options.MessageSize;
        _rate = options.Rate ?? DefaultRate;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.Select(n => new LoadCase(LoadCase.CountOfStreams(n), (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => string.Create(CultureInfo.InvariantCulture, $"open-loop: {_rate:N0} requests of {_size} B a second");

    public IReadOnlyList<string> Targets => [_target.Name];

    public IReadOnlyList<Metric> Metrics { get; } =
        [Answered, Metric.P50, Metric.P99, Metric.P999, Metric.Slowest, Behind, Metric.CpuPerRoundTrip, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        OpenLoopLoad load = new(contender.Addresses[_target.Name], streams, _size, _rate);
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Answered, outcome.Count / outcome.Seconds);
        sample.Set(Metric.P50, load.LatencyMicroseconds(50));
        sample.Set(Metric.P99, load.LatencyMicroseconds(99));
        sample.Set(Metric.P999, load.LatencyMicroseconds(99.9));
        sample.Set(Metric.Slowest, load.LatencyMicroseconds(100));
        sample.Set(Behind, load.PercentBehind);
        sample.Set(Metric.CpuPerRoundTrip, outcome.GatewayCpuSeconds * 1e6 / outcome.Count);
        sample.SetCommon(outcome);
        return sample;
    }
}
