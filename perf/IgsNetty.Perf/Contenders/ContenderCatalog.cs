using System.Net;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>The contenders of one load test, in the order of each round.</summary>
internal static class ContenderCatalog
{
    private const string RunningRelay = "relay";

    /// <summary>What <c>--against</c> may name.</summary>
    public static IReadOnlyList<string> AgainstNames { get; } = [Contender.DirectName, Contender.BareName, .. PeerCatalog.Names];

    /// <summary>There may be a contender of that name in any case.</summary>
    public static bool IsName(string name) => name == RunningRelay || AgainstNames.Contains(name);

    /// <param name="options">Whether relays run already, and where.</param>
    /// <param name="targets">They listen already.</param>
    /// <param name="relays">Not started yet.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="PerfException">The gateways do not start, or a target does not answer through the relay.</exception>
    public static IReadOnlyList<Contender> Create(
        PerfOptions options, TargetSet targets, RelayFleet relays, CancellationToken cancel)
    {
        Dictionary<string, IPEndPoint> addresses = targets.All.ToDictionary(t => t.Name, t => t.Address);
        Contender direct = new(Contender.DirectName, addresses, []) { Kind = ContenderKind.Baseline };
        List<Contender> contenders = [direct, .. relays.Start(cancel)];
        if (options.ForwardAddresses.Count > 0)
        {
            contenders.Add(new Contender(RunningRelay, options.ForwardAddresses, []));
        }

        contenders = [.. contenders.Select(contender => Probe(contender, [.. targets.All, targets.Socks], cancel)).Where(c => c.Addresses.Count > 0)];
        AnsiConsole.WriteLine($"Comparing: {string.Join(", ", contenders.Select(c => c.Name))}");
        return contenders;
    }

    /// <summary>A peer that does not lead to a target has no part in its scenarios; anyone else must.</summary>
    private static Contender Probe(Contender contender, IReadOnlyList<ITarget> targets, CancellationToken cancel)
    {
        Dictionary<string, IPEndPoint> answered = [];
        foreach (ITarget target in targets.Where(t => contender.Addresses.ContainsKey(t.Name)))
        {
            try
            {
                ContenderProbe.WaitUntilAnswered(contender, target, cancel);
                answered.Add(target.Name, contender.Addresses[target.Name]);
            }
            catch (PerfException e) when (contender.Kind == ContenderKind.Peer)
            {
                AnsiConsole.WriteLine($"{contender.Name} has no part in what needs the {target.Name} target: {e.Message.Split('\n')[0]}");
            }
        }

        return contender with { Addresses = answered };
    }
}
