using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Tests;

/// <summary>Finished load tests with the figures that a test wants.</summary>
internal static class Reports
{
    public static readonly Metric Rate = new("roundTripsPerSecond", "round\ntrips/s", "N0") { IsCompared = true };

    /// <summary>One case, <c>64 streams</c>, of ping-pong: each contender's figure in each round.</summary>
    public static RunReport Of(params (string Contender, double[] Rounds)[] figures) => Of(Rate, figures);

    public static RunReport Of(Metric metric, params (string Contender, double[] Rounds)[] figures) => new(
        RunReport.CurrentFormat,
        new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero),
        "igsnetty-perf --rounds 3",
        ["IGSNETTY__Gateway__Loops=1"],
        DurationSeconds: 2.5,
        Rounds: figures[0].Rounds.Length,
        new MachineFacts(2, "a <processor> & more", 23.5, "X64", "6.18", "Debian", ".NET 10.0", "1a2b3c4d5e6f"),
        [.. figures.Select(f => new ContenderFacts(f.Contender, KindOf(f.Contender), Version: null, [0.2, 0.3]))],
        [new ScenarioReport("ping-pong", "ping-pong: 64 B there and back", "bare", [metric], [CaseOf(metric, figures)])]);

    private static CaseReport CaseOf(Metric metric, (string Contender, double[] Rounds)[] figures) =>
        new("64 streams", [.. figures.Select(f => ContenderOf(metric, f.Contender, f.Rounds))]);

    private static ContenderReport ContenderOf(Metric metric, string name, double[] rounds) => new(
        name,
        new Dictionary<string, double> { [metric.Name] = RoundStatistics.Median(rounds)!.Value },
        new Dictionary<string, double>(),
        new Dictionary<string, double>(),
        new Dictionary<string, double>(),
        new Dictionary<string, double>(),
        [.. rounds.Select(r => new Dictionary<string, double> { [metric.Name] = r })],
        [new CurvePoint(0, 20), new CurvePoint(50, 55.5), new CurvePoint(99, 230)]);

    private static ContenderKind KindOf(string contender) => contender switch
    {
        "direct" or "bare" => ContenderKind.Baseline,
        "nginx" => ContenderKind.Peer,
        _ => ContenderKind.Gateways,
    };
}
