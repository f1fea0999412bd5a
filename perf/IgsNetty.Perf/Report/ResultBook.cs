using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf.Report;

/// <summary>Every sample of the load test, by case and contender, in the order of the rounds.</summary>
internal sealed class ResultBook
{
    private readonly Dictionary<(LoadCase Case, string Contender), List<Sample>> _samples = [];
    private readonly List<string> _contenders = [];

    /// <summary>In the order in which they first ran.</summary>
    public IReadOnlyList<string> Contenders => _contenders;

    /// <summary>The contender that those after it are compared with, beside direct.</summary>
    public string? First => _contenders.FirstOrDefault(c => c != Contender.DirectName);

    public void Add(LoadCase loadCase, Contender contender, Sample sample)
    {
        if (!_contenders.Contains(contender.Name))
        {
            _contenders.Add(contender.Name);
        }

        if (!_samples.TryGetValue((loadCase, contender.Name), out List<Sample>? samples))
        {
            _samples[(loadCase, contender.Name)] = samples = [];
        }

        samples.Add(sample);
    }

    public IReadOnlyList<Sample> Samples(LoadCase loadCase, string contender) =>
        _samples.TryGetValue((loadCase, contender), out List<Sample>? samples) ? samples : [];

    public double? Median(LoadCase loadCase, string contender, Metric metric) =>
        MedianOf(Samples(loadCase, contender).Select(s => s.Get(metric)));

    public double? RatioToDirect(LoadCase loadCase, string contender, Metric metric) =>
        contender == Contender.DirectName ? null : Ratio(loadCase, contender, Contender.DirectName, metric);

    public double? RatioToFirst(LoadCase loadCase, string contender, Metric metric) =>
        IsComparedWithFirst(contender) ? Ratio(loadCase, contender, First!, metric) : null;

    public bool IsComparedWithFirst(string contender) => contender != Contender.DirectName && contender != First;

    /// <summary>
    /// The median of each round's figure divided by the other's in the same round: what slows the machine for a while slows both.
    /// </summary>
    private double? Ratio(LoadCase loadCase, string contender, string other, Metric metric) =>
        MedianOf(Samples(loadCase, contender).Zip(
            Samples(loadCase, other),
            (its, others) => others.Get(metric) > 0 ? its.Get(metric) / others.Get(metric) : null));

    private static double? MedianOf(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>().Order()];
        return known.Length == 0 ? null : (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
    }
}
