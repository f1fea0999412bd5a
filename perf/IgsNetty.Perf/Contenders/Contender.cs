using System.Net;
using IgsNetty.Perf.Contenders.Sampling;
using IgsNetty.Perf.FarLink;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>One way from the load generator to its targets; the load test compares them.</summary>
/// <param name="Name">Such as <c>direct</c> or <c>gateways</c>.</param>
/// <param name="Addresses">Where to connect for each target, by target name.</param>
/// <param name="Gateways">The processes between that are ours, whose CPU and memory count.</param>
internal sealed record Contender(string Name, IReadOnlyDictionary<string, IPEndPoint> Addresses, IReadOnlyList<RelayProcess> Gateways)
{
    /// <summary>No relay between: the contender that the others are compared with where there is no <see cref="BareName"/>.</summary>
    public const string DirectName = "direct";

    /// <summary>Two plain relays, <see cref="Bare.BareRelay"/>: the reference where it has part in the scenario.</summary>
    public const string BareName = "bare";

    /// <summary>The one pair of gateways, when no variants are compared.</summary>
    public const string GatewaysName = "gateways";

    /// <summary>What it is there for.</summary>
    public ContenderKind Kind { get; init; } = ContenderKind.Gateways;

    /// <summary>What the program says it is; null if it was not asked.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// Another pair of the same gateways, with forwards to these targets, at the sides of this far link if there is one, not started
    /// yet, that the caller disposes of; null without gateways of ours.
    /// </summary>
    public Func<IReadOnlyList<ITarget>, FarNetwork?, GatewayPair>? CreateAnother { get; init; }

    /// <summary>What the gateways allocate is measured by these; null in ordinary load runs, which they could disturb.</summary>
    public GatewayAllocations? Allocations { get; init; }

    /// <summary>User and system time of all gateways since they started; null without gateways of ours.</summary>
    public TimeSpan? GatewayCpu() =>
        Gateways.Count == 0 ? null : Gateways.Aggregate(TimeSpan.Zero, (sum, gateway) => sum + gateway.Tree().Cpu());

    /// <summary>Resident bytes of each gateway.</summary>
    public IReadOnlyList<long> GatewayMemory() => [.. Gateways.Select(g => g.Tree().Memory())];

    /// <summary>Of all relays since they started, without processes that have ended; null without relays of ours.</summary>
    public long? ContextSwitches() => Gateways.Count == 0 ? null : Gateways.Sum(g => g.Tree().ContextSwitches());

    /// <summary>Open descriptors of each relay.</summary>
    public IReadOnlyList<int> Descriptors() => [.. Gateways.Select(g => g.Tree().Descriptors())];

    /// <summary>What a failure's message adds: which gateway has ended, and the last lines of each.</summary>
    public string StateOfGateways() => string.Concat(Gateways.Select(g => "\n" + g.State()));
}
