namespace IgsNetty.Perf.Report.Compare;

/// <summary>What became of a figure between two load tests.</summary>
internal enum ComparisonVerdict
{
    /// <summary>The change is small, or the rounds scatter as much.</summary>
    Same,
    Better,
    Worse,

    /// <summary>One of the two has too few rounds.</summary>
    CannotTell,
}
