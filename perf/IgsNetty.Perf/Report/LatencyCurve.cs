using HdrHistogram;
using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report;

/// <summary>From the latencies of round trips to the curve of their percentiles.</summary>
internal static class LatencyCurve
{
    private const int PointsPerNine = 8;
    private const int Nines = 4;

    /// <summary>Even steps of the logarithm of what is left above: 0, …, 90, …, 99, …, 99.9, …, 99.99; and the half.</summary>
    public static IReadOnlyList<double> Percentiles { get; } =
    [
        .. Enumerable.Range(0, (Nines * PointsPerNine) + 1).Select(PercentileAt).Append(50).Order(),
    ];

    /// <param name="nanoseconds">Of each round; they count together.</param>
    /// <returns>Without the percentiles for which there are too few round trips; empty if there are none.</returns>
    public static IReadOnlyList<CurvePoint> From(IReadOnlyList<LongHistogram> nanoseconds)
    {
        if (nanoseconds.Count == 0)
        {
            return [];
        }

        // Long enough for every round: a histogram takes nothing that is larger than it can hold.
        LongHistogram all = new(nanoseconds.Max(h => h.HighestTrackableValue), numberOfSignificantValueDigits: 3);
        foreach (LongHistogram round in nanoseconds)
        {
            all.Add(round);
        }

        return
        [
            .. from percentile in Percentiles
               where all.TotalCount * (100 - percentile) / 100 >= 1
               select new CurvePoint(percentile, all.GetValueAtPercentile(percentile) / 1e3),
        ];
    }

    private static double PercentileAt(int step) => Math.Round(100 * (1 - Math.Pow(10, -(double)step / PointsPerNine)), 4);
}
