using System.Text.Json.Serialization;

namespace IgsNetty.Perf.Report.Saved;

/// <summary>Everything that one load test found: what the tables, the HTML report and the JSON file are made of.</summary>
/// <param name="Format">Of the JSON file; a file of another format is not read.</param>
/// <param name="Date">When it was made, UTC.</param>
/// <param name="CommandLine">Of the load test, without folders.</param>
/// <param name="Settings">Variables of the environment that reach the gateways, as <c>NAME=value</c>.</param>
/// <param name="DurationSeconds">Measured seconds of each load run.</param>
/// <param name="Rounds">As asked for; a load test that failed has fewer.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Contenders">In the order of each round.</param>
/// <param name="Scenarios">In the order in which they ran.</param>
internal sealed record RunReport(
    int Format,
    DateTimeOffset Date,
    string CommandLine,
    IReadOnlyList<string> Settings,
    double DurationSeconds,
    int Rounds,
    MachineFacts Machine,
    IReadOnlyList<ContenderFacts> Contenders,
    IReadOnlyList<ScenarioReport> Scenarios)
{
    public const int CurrentFormat = 2;

    /// <summary>What a reader would miss: a peer that failed in a scenario, a load test that ended before its end.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The pair of gateways that further pairs are compared with; null without gateways.</summary>
    [JsonIgnore]
    public string? First => Contenders.FirstOrDefault(c => c.IsGateways)?.Name;

    /// <summary>Pairs of gateways of ours after the first have a line of their own that compares them with it.</summary>
    public bool IsComparedWithFirst(string contender) =>
        contender != First && Contenders.Any(c => c.Name == contender && c.IsGateways);
}
