using System.Globalization;
using IgsNetty.Perf.Contenders.Bare;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>The pairs of relays that one load test starts, in the order of each round: bare ones, peers, gateways.</summary>
internal sealed class RelayFleet(PerfOptions options, TargetSet targets) : IDisposable
{
    private readonly IRelayPair[] _pairs = 
    [
        .. BarePairs(options, targets.All), .. PeerCatalog.Create(options, targets), .. GatewayPairs(options, targets.All),
    ];

    /// <exception cref="PerfException">One does not start.</exception>
    public IReadOnlyList<Contender> Start(CancellationToken cancel)
    {
        List<Contender> contenders = [];
        foreach (IRelayPair pair in _pairs)
        {
            contenders.Add(pair.Start(cancel));
            foreach (RelayProcess relay in contenders[^1].Gateways)
            {
                AnsiConsole.WriteLine($"{relay.Name} (PID {relay.Id}) {Started(relay)}");
            }
        }

        return contenders;
    }

    /// <exception cref="PerfException">A relay did not end as it should.</exception>
    public void Stop()
    {
        AskToStop();
        Array.ForEach(_pairs, pair => pair.Stop());
    }

    public void Dispose()
    {
        AskToStop();
        Array.ForEach(_pairs, pair => pair.Dispose());
    }

    private static string Started(RelayProcess relay) =>
        relay.StartSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"ready in {seconds:0.00} s") : "started";

    private static IEnumerable<IRelayPair> BarePairs(PerfOptions options, IReadOnlyList<ITarget> targets) =>
        options.IsAgainst(Contender.BareName) ? [new BarePair(targets)] : [];

    private static IEnumerable<IRelayPair> GatewayPairs(PerfOptions options, IReadOnlyList<ITarget> targets) => options switch
    {
        { StartsGateways: false } => [],
        { Variants.Count: 0 } => [new GatewayPair(new GatewayVariant(Contender.GatewaysName), options, targets)],
        _ => options.Variants.Select(variant => new GatewayPair(variant, options, targets)),
    };

    private void AskToStop() => Array.ForEach(_pairs, pair => pair.AskToStop());
}
