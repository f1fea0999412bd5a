using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf.Report;

/// <summary>Every sample of the load test, by case and contender, in the order of the rounds.</summary>
internal sealed class ResultBook
{
    private readonly Dictionary<(LoadCase Case, string Contender), List<Sample>> _samples = [];
    private readonly List<Contender> _contenders = [];

    /// <summary>In the order in which they first ran.</summary>
    public IReadOnlyList<Contender> Contenders => _contenders;

    /// <summary>What the figures do not tell, such as why some are missing.</summary>
    public List<string> Notes { get; } = [];

    public void Add(LoadCase loadCase, Contender contender, Sample sample)
    {
        if (_contenders.All(c => c.Name != contender.Name))
        {
            _contenders.Add(contender);
        }

        if (!_samples.TryGetValue((loadCase, contender.Name), out List<Sample>? samples))
        {
            _samples[(loadCase, contender.Name)] = samples = [];
        }

        samples.Add(sample);
    }

    public IReadOnlyList<Sample> Samples(LoadCase loadCase, string contender) =>
        _samples.TryGetValue((loadCase, contender), out List<Sample>? samples) ? samples : [];
}
