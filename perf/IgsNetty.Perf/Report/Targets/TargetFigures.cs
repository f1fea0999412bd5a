using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report.Targets;

/// <summary>Where the figures of <see cref="DesignTargets"/> come from.</summary>
internal static class TargetFigures
{
    /// <summary>Medians of one metric.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="caseEnd">How the titles of the cases that count end; empty: all.</param>
    /// <param name="metric">Its name.</param>
    public static Func<RunReport, string, IEnumerable<TargetFigure>> Figures(string scenario, string caseEnd, string metric) =>
        (report, gateways) =>
            from found in Cases(report, scenario, caseEnd)
            let median = found.Find(gateways)?.Medians.GetValueOrDefault(metric, double.NaN)
            where median is { } value && double.IsFinite(value)
            select new TargetFigure(median.Value, found.Title);

    /// <summary>Ratios of one metric to each of some other contenders, round by round.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="caseEnd">How the titles of the cases that count end; empty: all.</param>
    /// <param name="metric">Its name.</param>
    /// <param name="isOther">Whom to compare with.</param>
    public static Func<RunReport, string, IEnumerable<TargetFigure>> Ratios(
        string scenario, string caseEnd, string metric, Func<ContenderFacts, bool> isOther) =>
        (report, gateways) =>
            from found in Cases(report, scenario, caseEnd)
            let ours = found.Find(gateways)
            where ours is not null
            from other in report.Contenders.Where(isOther)
            let theirs = found.Find(other.Name)
            where theirs is not null
            let ratio = RoundStatistics.Ratio(ours.Samples, theirs.Samples, metric)
            where ratio is not null
            select new TargetFigure(ratio.Value, $"{found.Title}, × {other.Name}");

    /// <summary>The slower of the two gateways.</summary>
    public static IEnumerable<TargetFigure> SecondsToStart(RunReport report, string gateways) =>
        from contender in report.Contenders
        where contender.Name == gateways && contender.StartSeconds.Count > 0
        select new TargetFigure(contender.StartSeconds.Max(), "the slower one of both");

    private static IEnumerable<CaseReport> Cases(RunReport report, string scenario, string caseEnd) =>
        report.Scenarios
            .Where(s => s.Name == scenario)
            .SelectMany(s => s.Cases)
            .Where(c => c.Title.EndsWith(caseEnd, StringComparison.Ordinal));
}
