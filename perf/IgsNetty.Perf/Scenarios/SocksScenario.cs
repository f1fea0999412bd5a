using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>
/// Callers that speak SOCKS5: short connections as in <see cref="ConnectScenario"/> and bulk streams as in
/// <see cref="BulkScenario"/>, by way of a server that they ask for the target.
/// </summary>
internal sealed class SocksScenario : IScenario
{
    public const string ScenarioName = "socks";

    private static readonly int[] DefaultStreams = [1, 16];

    private readonly BulkTarget _bulk;
    private readonly ConnectTarget _connect;

    public SocksScenario(PerfOptions options, BulkTarget bulk, ConnectTarget connect)
    {
        _bulk = bulk;
        _connect = connect;
        IReadOnlyList<int> streams = options.Streams.Count > 0 ? options.Streams : DefaultStreams;
        Cases =
        [
            .. streams.SelectMany(n => new[]
            {
                BulkCase("upload", BulkDirection.Upload, n),
                BulkCase("download", BulkDirection.Download, n),
                new LoadCase($"connect, {n} at a time", (contender, timing, cancel) => MeasureConnect(n, contender, timing, cancel)),
            }),
        ];
    }

    public string Name => ScenarioName;

    public string Title => "socks: throughput, and connections of one byte, by way of SOCKS5";

    public IReadOnlyList<string> Targets => [TargetNames.Socks];

    public bool IsStandard => false;

    public int MostStreams => BulkTarget.MostStreams;

    public IReadOnlyList<Metric> Metrics { get; } =
    [
        BulkScenario.Throughput, BulkScenario.CpuPerGigabyte, ConnectScenario.Rate, Metric.P50, Metric.P99, ConnectScenario.CpuPerConnection,
        .. Metric.OfAnyLoad,
    ];

    public IReadOnlyList<LoadCase> Cases { get; }

    private LoadCase BulkCase(string way, BulkDirection direction, int streams) =>
        new($"{way}, {LoadCase.CountOfStreams(streams)}", (contender, timing, cancel) =>
            MeasureBulk(direction, streams, contender, timing, cancel));

    private Sample MeasureBulk(BulkDirection direction, int streams, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        IPEndPoint server = contender.Addresses[TargetNames.Socks];
        BulkLoad load = new(() => SocksDialogue.Connect(server, _bulk.Address), Enumerable.Repeat(direction, streams), _bulk);
        return BulkScenario.Measure(load, contender, timing, cancel);
    }

    private Sample MeasureConnect(int calls, Contender contender, LoadTiming timing, CancellationToken cancel)
    {
        ConnectLoad load = new(contender.Addresses[TargetNames.Socks], calls, behind: _connect.Address);
        return ConnectScenario.Measure(load, contender, timing, cancel);
    }
}
