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

    /// <summary>As many as a large site has; fewer where the limit of open files does not allow so many.</summary>
    private const int DefaultStreams = 20_000;

    private static readonly LoadTiming First = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    /// <summary>
    /// Until what the connecting left to do is done: the runtime still compiles for a second or two. A short run does not wait so long.
    /// </summary>
    private static TimeSpan Settling(LoadTiming timing) => TimeSpan.FromSeconds(Math.Min(3, 1.5 * timing.Measured.TotalSeconds));

    private static readonly Metric Cpu = new("gatewayCpuPercentOfOneCore", "CPU\n%", "0.00");
    private static readonly Metric MemoryPerStream = new("gatewayMemoryBytesPerStream", "B per\nstream", "N0");

    public IdleScenario(PerfOptions options)
    {
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : [Math.Min(DefaultStreams, MostStreams)];
        Cases = [.. streams.Select(n => new LoadCase(LoadCase.CountOfStreams(n), (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => "idle: connected streams that carry nothing";

    public IReadOnlyList<string> Targets => [TargetNames.Echo];

    public bool HasOwnGateways => true;

    /// <summary>The target is a process of its own, so that no process has more than one open file for each stream.</summary>
    public int MostStreams => FileLimit.MostStreams(filesPerStream: 1);

    public IReadOnlyList<Metric> Metrics { get; } = [Cpu, MemoryPerStream, Metric.MemoryLeft, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private static Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        using EchoTargetProcess target = new(cancel);
        using GatewayPair pair = contender.CreateAnother!([target], null);
        Contender gateways = pair.Start(cancel);
        ContenderProbe.WaitUntilAnswered(gateways, target, cancel);
        Sample sample;
        try
        {
            sample = MeasureStarted(streams, target, gateways, timing with { WarmUp = Settling(timing) }, cancel);
        }
        catch (PerfException e)
        {
            throw new PerfException(e.Message + gateways.StateOfGateways(), e);
        }

        pair.Stop();
        return sample;
    }

    private static Sample MeasureStarted(
        int streams, EchoTargetProcess target, Contender gateways, LoadTiming timing, CancellationToken cancel)
    {
        LoadRun.Measure(new IdleLoad(gateways.Addresses[TargetNames.Echo], FirstStreams), gateways, First, cancel);
        IReadOnlyList<long> before = gateways.GatewayMemory();

        IdleLoad load = new(gateways.Addresses[TargetNames.Echo], streams, target.Dispose); // two rounds would take all ports there are
        LoadOutcome outcome = LoadRun.Measure(load, gateways, timing, cancel);
        cancel.WaitHandle.WaitOne(timing.WarmUp);
        Sample sample = new();
        sample.Set(Cpu, outcome.GatewayCpuSeconds / outcome.Seconds * 100);
        sample.Set(MemoryPerStream, (double)MostGrowth(before, outcome.GatewayMemory) / streams);
        sample.Set(Metric.MemoryLeft, Metric.MiB(MostGrowth(before, gateways.GatewayMemory())));
        sample.SetCommon(outcome);
        return sample;
    }

    private static long MostGrowth(IReadOnlyList<long> before, IReadOnlyList<long> now) =>
        now.Zip(before, (with, without) => with - without).Max();
}
