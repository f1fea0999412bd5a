using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Random streams of all sizes for a long time, every byte compared: not how fast, but whether it stays right.</summary>
internal sealed class SoakScenario : IScenario
{
    public const string ScenarioName = "soak";

    private static readonly int[] DefaultStreams = [32];
    private static readonly Metric Streams = new("streamsPerSecond", "streams\n/s", "N0") { IsCompared = true };
    private static readonly Metric Ended = new("streamsEnded", "streams\nended", "N0");
    private static readonly Metric Resets = new("streamsReset", "reset by\nthe test", "N0");
    private static readonly Metric Gigabytes = new("gigabytesCompared", "GB\ncompared", "0.00");

    /// <summary>By how many a gateway has more of them open than before, when all streams have ended.</summary>
    private static readonly Metric DescriptorsLeft = new("gatewayDescriptorsLeft", "descrip-\ntors left", "0");

    /// <summary>Until a gateway has noticed that everybody left; a short run does not wait so long.</summary>
    private static TimeSpan Settling(LoadTiming timing) => TimeSpan.FromSeconds(Math.Min(15, timing.Measured.TotalSeconds));

    private readonly EchoTarget _echo;
    private readonly ConnectTarget _connect;
    private readonly bool _isWithoutRelays;

    public SoakScenario(PerfOptions options, EchoTarget echo, ConnectTarget connect)
    {
        _echo = echo;
        _connect = connect;
        _isWithoutRelays = options.DirectOnly;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases = [.. streams.Select(n => new LoadCase($"{n} at a time", (contender, timing, cancel) =>
            Measure(n, contender, timing, cancel)))];
    }

    public string Name => ScenarioName;

    public string Title => "soak: random streams, every byte compared";

    public IReadOnlyList<string> Targets => [_echo.Name, _connect.Name];

    public bool IsStandard => false;

    /// <summary>Each has a thread.</summary>
    public int MostStreams => 1024;

    public IReadOnlyList<Metric> Metrics { get; } =
        [Streams, Ended, Resets, Gigabytes, DescriptorsLeft, Metric.MemoryLeft, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    /// <summary>What is tested, for all the time there is: nobody asks whether the others stay right.</summary>
    public bool TakesPart(Contender contender) => contender.Kind == ContenderKind.Gateways || _isWithoutRelays;

    private Sample Measure(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        SoakLoad load = new(contender.Addresses[_echo.Name], contender.Addresses[_connect.Name], _connect, streams);
        IReadOnlyList<long> memory = contender.GatewayMemory();
        IReadOnlyList<int> descriptors = contender.Descriptors();
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        cancel.WaitHandle.WaitOne(Settling(timing));
        cancel.ThrowIfCancellationRequested();
        Sample sample = new();
        sample.Set(Streams, outcome.Count / outcome.Seconds);
        sample.Set(Ended, outcome.Count);
        sample.Set(Resets, load.Resets);
        sample.Set(Gigabytes, outcome.CountBeside / 1e9);
        if (contender.Gateways.Count > 0)
        {
            sample.Set(DescriptorsLeft, contender.Descriptors().Zip(descriptors, (now, before) => now - before).Max());
            sample.Set(Metric.MemoryLeft, Metric.MiB(contender.GatewayMemory().Zip(memory, (now, before) => now - before).Max()));
        }

        sample.SetCommon(outcome);
        return sample;
    }
}
