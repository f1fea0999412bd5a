using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Report.Saved;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf.Report;

/// <summary>Makes the report of what was measured, all of it or what there is before a failure.</summary>
internal sealed class RunReportBuilder(PerfOptions options, IReadOnlyList<IScenario> scenarios, ResultBook results)
{
    /// <summary>Whose figures are 1: the first of these that has part in the scenario.</summary>
    private static readonly string[] References = [Contender.BareName, Contender.DirectName, DantePeer.PeerName];

    public RunReport Build()
    {
        ContenderFacts[] contenders = [.. results.Contenders.Select(FactsOf)];
        string? first = contenders.FirstOrDefault(c => c.IsGateways)?.Name;
        return new RunReport(
            RunReport.CurrentFormat,
            DateTimeOffset.UtcNow,
            CommandLineText.Of(options.Arguments),
            CommandLineText.SettingsOf(Environment.GetEnvironmentVariables()),
            options.DurationSeconds,
            options.Rounds,
            MachineFacts.Read(),
            contenders,
            [.. scenarios.Select(s => ScenarioOf(s, first)).Where(s => s.Cases.Count > 0)])
        {
            Notes = [.. results.Notes],
        };
    }

    private static ContenderFacts FactsOf(Contender contender) => new(
        contender.Name, contender.Kind, contender.Version, [.. contender.Gateways.Select(g => g.StartSeconds).OfType<double>().Select(s => Math.Round(s, 3))]);

    private ScenarioReport ScenarioOf(IScenario scenario, string? first)
    {
        LoadCase[] cases = [.. scenario.Cases.Where(c => results.Contenders.Any(x => HasPart(c, x.Name)))];
        string? reference = Array.Find(References, name => cases.Any(c => HasPart(c, name)));
        return new ScenarioReport(
            scenario.Name,
            scenario.Title,
            reference,
            [.. scenario.Metrics.Where(m => cases.Any(c => results.Contenders.Any(x => Values(c, x.Name, m).Any())))],
            [.. cases.Select(c => new CaseReport(c.Title, [.. ContendersOf(scenario, c, reference, first)]))]);
    }

    private IEnumerable<ContenderReport> ContendersOf(IScenario scenario, LoadCase loadCase, string? reference, string? first) =>
        from contender in results.Contenders
        let name = contender.Name
        let samples = results.Samples(loadCase, name)
        where samples.Count > 0
        select new ContenderReport(
            name,
            Figures(scenario, m => RoundStatistics.Median(Values(loadCase, name, m))),
            Figures(scenario, m => RoundStatistics.SpreadPercent([.. Values(loadCase, name, m)])),
            Figures(scenario, m => Ratio(loadCase, name, reference, m)),
            Figures(scenario, m => Ratio(loadCase, name, Contender.DirectName, m)),
            Figures(scenario, m => contender.Kind == ContenderKind.Gateways ? Ratio(loadCase, name, first, m) : null),
            [.. samples.Select(s => s.Values)],
            LatencyCurve.From([.. samples.Select(s => s.Latency).OfType<HdrHistogram.LongHistogram>()]));

    private bool HasPart(LoadCase loadCase, string contender) => results.Samples(loadCase, contender).Count > 0;

    private IEnumerable<double> Values(LoadCase loadCase, string contender, Metric metric) =>
        results.Samples(loadCase, contender).Select(s => s.Get(metric)).OfType<double>();

    private double? Ratio(LoadCase loadCase, string contender, string? other, Metric metric) =>
        other is null || other == contender
            ? null
            : RoundStatistics.Ratio(ValuesOf(loadCase, contender), ValuesOf(loadCase, other), metric.Name);

    private IEnumerable<IReadOnlyDictionary<string, double>> ValuesOf(LoadCase loadCase, string contender) =>
        results.Samples(loadCase, contender).Select(s => s.Values);

    private static Dictionary<string, double> Figures(IScenario scenario, Func<Metric, double?> figure) =>
        scenario.Metrics
            .Select(m => (m.Name, Value: figure(m)))
            .Where(f => f.Value is { } known && double.IsFinite(known))
            .ToDictionary(f => f.Name, f => f.Value!.Value);
}
