using System.Globalization;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>Datagrams one way, as telemetry and media send them: nobody waits for an answer, and what does not fit is lost.</summary>
internal sealed class UdpRateScenario : IScenario
{
    public const string ScenarioName = "udp-rate";

    private const int DefaultRate = 20_000;
    private static readonly int[] DefaultFlows = [1, 64];
    private static readonly int[] Sizes = [512, 1200];
    private static readonly Metric Received = new("receivedPerSecond", "received\n/s", "N0") { IsCompared = true };
    private static readonly Metric Sent = new("sentPerSecond", "sent\n/s", "N0");
    private static readonly Metric Lost = new("lostDatagrams", "\nlost", "N0");
    private static readonly Metric LostPercent = new("lostPercent", "lost\n%", "0.00");
    private static readonly Metric CpuPerDatagram = new("gatewayCpuMicrosecondsPerDatagram", "CPU\nµs", "0.00");

    private readonly UdpTarget _target;
    private readonly int _rate;

    public UdpRateScenario(PerfOptions options, UdpTarget target)
    {
        _target = target;
        _rate = options.Rate ?? DefaultRate;
        IReadOnlyList<int> flows = options.Streams.Count > 0 ? options.Streams : DefaultFlows;
        Cases = [.. flows.SelectMany(n => Sizes.Select(size => CaseOf(n, size)))];
    }

    public string Name => ScenarioName;

    public string Title => string.Create(CultureInfo.InvariantCulture, $"udp-rate: {_rate:N0} datagrams a second, one way");

    public IReadOnlyList<string> Targets => [_target.Name];

    public bool IsStandard => false;

    public IReadOnlyList<Metric> Metrics { get; } = [Received, Sent, Lost, LostPercent, CpuPerDatagram, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    private LoadCase CaseOf(int flows, int size) =>
        new($"{(flows == 1 ? "1 flow" : $"{flows} flows")}, {size} B", (contender, timing, cancel) =>
            Measure(flows, size, contender, timing, cancel));

    private Sample Measure(int flows, int size, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        UdpRateLoad load = new(contender.Addresses[_target.Name], flows, size, _rate, _target);
        LoadOutcome outcome = LoadRun.Measure(load, contender, timing, cancel);
        Sample sample = new();
        sample.Set(Received, load.Received / outcome.Seconds);
        sample.Set(Sent, load.Sent / outcome.Seconds);
        sample.Set(Lost, load.Sent - load.Received);
        sample.Set(LostPercent, 100.0 * (load.Sent - load.Received) / load.Sent);
        sample.Set(CpuPerDatagram, outcome.GatewayCpuSeconds * 1e6 / load.Received);
        sample.SetCommon(outcome);
        return sample;
    }
}
