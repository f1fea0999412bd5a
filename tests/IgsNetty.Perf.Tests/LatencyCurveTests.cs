using HdrHistogram;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Saved;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class LatencyCurveTests
{
    [Fact]
    public void Rounds_count_together()
    {
        IReadOnlyList<CurvePoint> curve = LatencyCurve.From([Histogram(1, 5_000), Histogram(5_001, 10_000)]);
        Assert.Equal(5_000, At(curve, 50), 10.0);
        Assert.Equal(9_000, At(curve, 90), 10.0);
        Assert.Equal(9_990, At(curve, 99.9), 10.0);
        Assert.Equal(99.99, curve[^1].Percentile);
    }

    [Fact]
    public void It_rises()
    {
        IReadOnlyList<CurvePoint> curve = LatencyCurve.From([Histogram(1, 10_000)]);
        Assert.Equal(curve.OrderBy(p => p.Percentile), curve);
        Assert.Equal(curve.OrderBy(p => p.Microseconds), curve);
    }

    [Fact]
    public void A_hundred_round_trips_say_nothing_of_the_thousandth() =>
        Assert.Equal(99, LatencyCurve.From([Histogram(1, 100)])[^1].Percentile);

    [Fact]
    public void No_latency_no_curve() => Assert.Empty(LatencyCurve.From([]));

    private static double At(IEnumerable<CurvePoint> curve, double percentile) => curve.Single(p => p.Percentile == percentile).Microseconds;

    // One round trip of each so many microseconds.
    private static LongHistogram Histogram(int from, int to)
    {
        LongHistogram histogram = new(60_000_000_000, numberOfSignificantValueDigits: 3);
        for (long microseconds = from; microseconds <= to; microseconds++)
        {
            histogram.RecordValue(microseconds * 1000);
        }

        return histogram;
    }
}
