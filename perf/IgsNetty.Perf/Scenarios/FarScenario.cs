using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.FarLink;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>
/// One stream over a link with a long round trip: through gateways at its two sides, and plain TCP over the same link. Each load run has
/// a link and gateways of its own.
/// </summary>
internal sealed class FarScenario : IScenario
{
    public const string ScenarioName = "far";

    /// <summary>So that a window has time to open before the second half.</summary>
    private static readonly TimeSpan LeastMeasured = TimeSpan.FromSeconds(6);

    private static readonly Metric Throughput = new("mbitPerSecond", "\nMbit/s", "0.0") { IsCompared = true };
    private static readonly Metric Steady = new("mbitPerSecondSecondHalf", "2nd half\nMbit/s", "0.0") { IsCompared = true };
    private static readonly Metric P50 = Metric.P50;

    private readonly FarPath _path;
    private readonly int _messageSize;

    public FarScenario(PerfOptions options)
    {
        _path = options.Far;
        _messageSize = options.MessageSize;
        int streams = options.Streams.Count > 0 ? options.Streams[0] : 1;
        LoadCase upload = BulkCase(BulkDirection.Upload, streams);
        Cases = options.Scenarios.Count == 0 ? [upload] :
        [
            upload,
            BulkCase(BulkDirection.Download, streams),
            new LoadCase($"ping-pong, {LoadCase.CountOfStreams(streams)}", (contender, timing, cancel) =>
                MeasurePingPong(streams, contender, timing, cancel)),
        ];
    }

    public string Name => ScenarioName;

    public string Title => $"far: {_path}";

    public IReadOnlyList<string> Targets => [];

    public bool HasOwnGateways => true;

    public int MostStreams => BulkTarget.MostStreams;

    public IReadOnlyList<Metric> Metrics { get; } = [Throughput, Steady, P50, Metric.P99, .. Metric.OfAnyLoad];

    public IReadOnlyList<LoadCase> Cases { get; }

    public string? WhyNot() => FarNetwork.WhyNot();

    public bool TakesPart(Contender contender) => contender.Name == Contender.DirectName || contender.CreateAnother is not null;

    private LoadCase BulkCase(BulkDirection direction, int streams)
    {
        string way = direction == BulkDirection.Upload ? "upload" : "download";
        return new LoadCase($"{way}, {LoadCase.CountOfStreams(streams)}", (contender, timing, cancel) =>
            MeasureBulk(direction, streams, contender, timing, cancel));
    }

    private Sample MeasureBulk(BulkDirection direction, int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        using FarNetwork network = new(_path);
        using BulkTarget target = new(network.Listen());
        LoadTiming whole = new(TimeSpan.Zero, timing.Measured > LeastMeasured ? timing.Measured : LeastMeasured);
        return WithContender(network, target, contender, (place, address) =>
        {
            BulkLoad bulk = new(() => network.Connect(address), Enumerable.Repeat(direction, streams), target);
            LoadOutcome outcome = LoadRun.Measure(new FarBulkLoad(bulk, whole.Measured / 2), place, whole, cancel);
            Sample sample = new();
            sample.Set(Throughput, outcome.Count * 8 / 1e6 / outcome.Seconds);
            sample.Set(Steady, outcome.CountBeside * 8 / 1e6 / (outcome.Seconds - (whole.Measured.TotalSeconds / 2)));
            sample.SetCommon(outcome);
            return sample;
        }, cancel);
    }

    private Sample MeasurePingPong(int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        using FarNetwork network = new(_path);
        using EchoTarget target = new(network.Listen());
        return WithContender(network, target, contender, (place, address) =>
        {
            PingPongLoad load = new(() => network.Connect(address), streams, _messageSize);
            LoadOutcome outcome = LoadRun.Measure(load, place, timing, cancel);
            Sample sample = new();
            sample.Set(P50, load.LatencyMicroseconds(50));
            sample.Set(Metric.P99, load.LatencyMicroseconds(99));
            sample.SetCommon(outcome);
            return sample;
        }, cancel);
    }

    /// <summary>Plain TCP goes to the target's address at the far side; gateways are started, one at each side.</summary>
    private static Sample WithContender(
        FarNetwork network, ITarget target, Contender contender, Func<Contender, IPEndPoint, Sample> measure, CancellationToken cancel)
    {
        if (contender.CreateAnother is null)
        {
            return measure(contender, new IPEndPoint(FarNetwork.CalledAddress, target.Address.Port));
        }

        using GatewayPair pair = contender.CreateAnother([target], network);
        Contender gateways = pair.Start(cancel);
        Sample sample;
        try
        {
            network.Calling.Do(() =>
            {
                ContenderProbe.WaitUntilAnswered(gateways, target, cancel);
                return true;
            });
            sample = measure(gateways, gateways.Addresses[target.Name]);
        }
        catch (PerfException e)
        {
            throw new PerfException(e.Message + gateways.StateOfGateways(), e);
        }

        pair.Stop();
        return sample;
    }
}
