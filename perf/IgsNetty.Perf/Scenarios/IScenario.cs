using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>One kind of traffic, in one or more cases. A new one is a file here and two lines in <see cref="ScenarioCatalog"/>.</summary>
internal interface IScenario
{
    /// <summary>As <c>--scenario</c> names it.</summary>
    string Name { get; }

    /// <summary>The heading of its table.</summary>
    string Title { get; }

    /// <summary>Which of <see cref="TargetNames"/> it sends to.</summary>
    IReadOnlyList<string> Targets { get; }

    /// <summary>Part of a load test that names no scenario.</summary>
    bool IsStandard => true;

    /// <summary>
    /// Each load run starts gateways of its own, <see cref="Contender.CreateAnother"/>: no warm-up, and no run without gateways of ours.
    /// </summary>
    bool HasOwnGateways => false;

    /// <summary>Whether this contender can be measured.</summary>
    bool TakesPart(Contender contender) =>
        HasOwnGateways ? contender.CreateAnother is not null : Targets.All(contender.Addresses.ContainsKey);

    /// <summary>
    /// What the gateways allocate, one of <see cref="Metrics"/>: taken in a load run of its own after the rounds. Null: not measured.
    /// </summary>
    Metric? Allocation => null;

    /// <summary>Of a <see cref="LoadCase"/>.</summary>
    int LeastStreams => 1;

    /// <summary>Of a <see cref="LoadCase"/>.</summary>
    int MostStreams => FileLimit.MostStreams(filesPerStream: 2);

    /// <summary>Why it cannot run here; null if it can.</summary>
    string? WhyNot() => null;

    /// <summary>What it measures, in the order of the table's columns.</summary>
    IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The last one is also the warm-up.</summary>
    IReadOnlyList<LoadCase> Cases { get; }
}
