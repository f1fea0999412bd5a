using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report.Compare;

/// <summary>A load test beside an earlier one, figure by figure.</summary>
/// <param name="Old">The earlier one.</param>
/// <param name="Rows">What both have, in the order of the later one's tables.</param>
internal sealed record RunComparison(RunReport Old, IReadOnlyList<ComparisonRow> Rows)
{
    /// <summary>Of the gateways; what becomes of the others, the machine does.</summary>
    public bool IsWorse => Rows.Any(r => r.Contender.IsGateways && r.Verdict == ComparisonVerdict.Worse);

    public static RunComparison Of(RunReport old, RunReport later) => new(
        old,
        [
            .. from scenario in later.Scenarios
               from oneCase in scenario.Cases
               let oldCase = CaseOf(old, scenario, oneCase)
               where oldCase is not null
               from contender in oneCase.Contenders
               let oldContender = oldCase.Find(contender.Name)
               where oldContender is not null
               let facts = later.Contenders.First(c => c.Name == contender.Name)
               from metric in scenario.Metrics
               where metric.IsJudged
               let row = RowOf(scenario, facts, metric, (oldCase, oldContender), (oneCase, contender))
               where row is not null
               select row,
        ]);

    /// <summary>What makes the two hard to compare, in words; empty where nothing does.</summary>
    public static IReadOnlyList<string> Differences(RunReport old, RunReport later)
    {
        List<string> differences = [];
        if (old.Machine.Cores != later.Machine.Cores || old.Machine.Processor != later.Machine.Processor)
        {
            string now = $"{later.Machine.Cores} × {later.Machine.Processor}";
            differences.Add($"another machine: {old.Machine.Cores} × {old.Machine.Processor}, now {now}");
        }

        if (old.DurationSeconds != later.DurationSeconds)
        {
            differences.Add(FormattableString.Invariant($"load runs of {old.DurationSeconds} s, now of {later.DurationSeconds} s"));
        }

        return differences;
    }

    private static CaseReport? CaseOf(RunReport report, ScenarioReport scenario, CaseReport oneCase) =>
        report.Scenarios.FirstOrDefault(s => s.Name == scenario.Name)?.Cases.FirstOrDefault(c => c.Title == oneCase.Title);

    private static ComparisonRow? RowOf(
        ScenarioReport scenario,
        ContenderFacts contender,
        Metric metric,
        (CaseReport Case, ContenderReport Contender) old,
        (CaseReport Case, ContenderReport Contender) later)
    {
        string? reference = IsMachineDependent(metric) && scenario.Reference != contender.Name ? scenario.Reference : null;
        double[] oldRounds = RoundsOf(old, reference, metric);
        double[] newRounds = RoundsOf(later, reference, metric);
        if (reference is not null && (oldRounds.Length == 0 || newRounds.Length == 0))
        {
            // One of them has no reference: the figures themselves.
            reference = null;
            oldRounds = RoundsOf(old, null, metric);
            newRounds = RoundsOf(later, null, metric);
        }

        return oldRounds.Length == 0 || newRounds.Length == 0
            ? null
            : new ComparisonRow(
                scenario.Name,
                later.Case.Title,
                contender,
                metric,
                reference,
                RoundStatistics.Median(oldRounds)!.Value,
                RoundStatistics.Median(newRounds)!.Value,
                RoundsJudge.Judge(oldRounds, newRounds, metric));
    }

    /// <summary>A slow hour of the machine slows the reference as well; memory and percentages are what they are.</summary>
    private static bool IsMachineDependent(Metric metric) =>
        !metric.Name.Contains("Memory", StringComparison.Ordinal)
        && !metric.Name.Contains("Bytes", StringComparison.Ordinal)
        && !metric.Name.Contains("Percent", StringComparison.Ordinal);

    private static double[] RoundsOf((CaseReport Case, ContenderReport Contender) found, string? reference, Metric metric) =>
        reference is null
            ? [.. found.Contender.Samples.Where(s => s.ContainsKey(metric.Name)).Select(s => s[metric.Name])]
            : [.. RoundStatistics.Ratios(found.Contender.Samples, found.Case.Find(reference)?.Samples ?? [], metric.Name)];
}
