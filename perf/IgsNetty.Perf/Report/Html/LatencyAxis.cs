namespace IgsNetty.Perf.Report.Html;

/// <summary>A logarithmic axis of times, from a round figure below the shortest to one above the longest.</summary>
internal sealed class LatencyAxis
{
    private const double LeastMicroseconds = 1;
    private static readonly int[] Steps = [1, 2, 5];

    private readonly double _low;
    private readonly double _high;

    public LatencyAxis(IEnumerable<double> microseconds)
    {
        double[] all = [.. microseconds.Select(m => Math.Max(m, LeastMicroseconds))];
        double[] round = [.. Enumerable.Range(0, 9).SelectMany(power => Steps.Select(step => step * Math.Pow(10, power)))];
        _low = round.Last(r => r <= all.Min());
        _high = round.FirstOrDefault(r => r >= all.Max() && r > _low, round[^1]);
        double[] within = [.. round.Where(r => r >= _low && r <= _high)];

        // Ten lines at most: over several powers of ten the 1s are enough.
        Ticks = within.Length <= 10 ? within : [.. within.Where(r => Math.Log10(r) % 1 == 0)];
    }

    /// <summary>Where lines are, in microseconds.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>0 at the bottom, 1 at the top.</summary>
    public double PlaceOf(double microseconds) =>
        Math.Clamp(Math.Log(Math.Max(microseconds, LeastMicroseconds) / _low) / Math.Log(_high / _low), 0, 1);

    public static string Show(double microseconds) => microseconds switch
    {
        < 1e3 => $"{microseconds:0} µs",
        < 1e6 => $"{microseconds / 1e3:0} ms",
        _ => $"{microseconds / 1e6:0} s",
    };
}
