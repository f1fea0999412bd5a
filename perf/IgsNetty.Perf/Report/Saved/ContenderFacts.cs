using System.Text.Json.Serialization;
using IgsNetty.Perf.Contenders;

namespace IgsNetty.Perf.Report.Saved;

/// <summary>What is known of a contender whatever the scenario.</summary>
/// <param name="Name">Such as <c>direct</c> or <c>haproxy</c>.</param>
/// <param name="Kind">What it is there for.</param>
/// <param name="Version">Of a peer's program; null where there is none.</param>
/// <param name="StartSeconds">Of each of its gateways, from its start to its ready line.</param>
internal sealed record ContenderFacts(string Name, ContenderKind Kind, string? Version, IReadOnlyList<double> StartSeconds)
{
    /// <summary>What the load test is about; the others are there to compare it with.</summary>
    [JsonIgnore]
    public bool IsGateways => Kind == ContenderKind.Gateways;
}
