using System.Globalization;
using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report.Targets;

/// <summary>One thing that the gateways are to reach.</summary>
/// <param name="Id">Such as <c>P4</c>; a row with several conditions is several targets of one ID.</param>
/// <param name="What">In words, with the unit of <see cref="Limit"/>.</param>
/// <param name="IsAtLeast">No less than the limit; otherwise no more.</param>
/// <param name="Limit">What is just good enough.</param>
/// <param name="Find">What a pair of gateways, by its name, reached in each case; nothing where it was not measured.</param>
internal sealed record DesignTarget(
    string Id, string What, bool IsAtLeast, double Limit, Func<RunReport, string, IEnumerable<TargetFigure>> Find)
{
    public string ShowLimit() => (IsAtLeast ? "≥ " : "≤ ") + Show(Limit);

    public bool IsMetBy(TargetFigure figure) => IsAtLeast ? figure.Value >= Limit : figure.Value <= Limit;

    /// <summary>The case that is farthest from the limit; null where none was measured.</summary>
    public TargetFigure? WorstOf(RunReport report, string gateways)
    {
        IEnumerable<TargetFigure> figures = Find(report, gateways);
        return IsAtLeast ? figures.MinBy(f => f.Value) : figures.MaxBy(f => f.Value);
    }

    public static string Show(double value) => value.ToString(Math.Abs(value) < 100 ? "0.##" : "N0", CultureInfo.InvariantCulture);
}
