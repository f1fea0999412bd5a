using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>Load runs that are over at once: a test says what each gives.</summary>
/// <param name="name">Its name.</param>
/// <param name="run">Gives the figure of a contender's next load run, the warm-up among them, or throws.</param>
internal sealed class FakeScenario(string name, Func<Contender, double> run) : IScenario
{
    public string Name => name;

    public string Title => $"{name}: made up";

    public IReadOnlyList<string> Targets => [];

    public IReadOnlyList<Metric> Metrics { get; } = [Reports.Rate, Metric.Memory];

    public IReadOnlyList<LoadCase> Cases { get; } =
    [
        new LoadCase("the case", (contender, _, _) =>
        {
            Sample sample = new();
            sample.Set(Reports.Rate, run(contender));
            return sample;
        }),
    ];
}
