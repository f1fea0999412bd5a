using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>
/// Connected streams that carry nothing: what they cost the gateways by being there. Each load run has gateways of its own: ones
/// that have carried much keep that memory, and streams that find it free would seem to need none.
/// </summary>
internal sealed class IdleScenario : IScenario
{
    public const string ScenarioName = "idle";

    /// <summary>Streams that come and go before the first figure: what is loaded and compiled for them does not count.</summary>
    private const int FirstStreams = 32;

    private static readonly int[] DefaultStreams = [1000];
    private static readonly LoadTiming First = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    /// <summary>
    /// Until what the connecting left to do is done: the runtime still compiles for a second or two. A short run does not wait so long.
    /// </summary>
    private static TimeSpan Settling(LoadTiming timing) => TimeSpan.FromSeconds(Math.Min(3, 1.5 * timing.Measured.TotalSeconds));

    private static readonly Metric Cpu = new("gatewayCpuPercentOfOneCore", "CPU\n%", "0.00");
    private static readonly Metric MemoryPerStream = new("gatewayMemoryBytesPerStream", "B per\nstream", "N0");

    private readonly EchoTarget _target;

    public IdleScenario(PerfOptions options, EchoTarget target)
    {
        _target = target;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.Select(n => new LoadCase(LoadCase.CountOfStreams(n), (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => "idle: connected streams that carry nothing";

    public IReadOnlyList<string> Targets => [_target.Name];

    public bool HasOwnGateways => true;

    public IReadOnlyList<Metric> Metrics { get; } = [Cpu, MemoryPerStream, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        using GatewayPair pair = contender.CreateAnother!();
        Contender gateways = pair.Start(cancel);
        ContenderProbe.WaitUntilAnswered(gateways, _target, cancel);
        Sample sample;
        try
        {
            sample = MeasureStarted(streams, gateways, timing with { WarmUp = Settling(timing) }, cancel);
        }
        catch (PerfException e)
        {
            throw new PerfException(e.Message + gateways.StateOfGateways(), e);
        }

        pair.Stop();
        return sample;
    }

    private Sample MeasureStarted(int streams, Contender gateways, LoadTiming timing, CancellationToken cancel)
    {
        LoadRun.Measure(new IdleLoad(gateways.Addresses[_target.Name], FirstStreams), gateways, First, cancel);
        IReadOnlyList<long> before = gateways.GatewayMemory();

        LoadOutcome outcome = LoadRun.Measure(new IdleLoad(gateways.Addresses[_target.Name], streams), gateways, timing, cancel);
        Sample sample = new();
        sample.Set(Cpu, outcome.GatewayCpuSeconds / outcome.Seconds * 100);
        sample.Set(MemoryPerStream, (double)outcome.GatewayMemory.Zip(before, (with, without) => with - without).Max() / streams);
        sample.SetCommon(outcome);
        return sample;
    }
}
