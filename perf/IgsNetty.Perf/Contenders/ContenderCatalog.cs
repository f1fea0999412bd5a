using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>The contenders of one load test, in the order of each round.</summary>
internal static class ContenderCatalog
{
    /// <param name="options">Whether relays run already, and where.</param>
    /// <param name="targets">Every target; they listen already.</param>
    /// <param name="relays">Not started yet.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="PerfException">The gateways do not start, or a target does not answer through the relay.</exception>
    public static IReadOnlyList<Contender> Create(
        PerfOptions options, IReadOnlyList<ITarget> targets, RelayFleet relays, CancellationToken cancel)
    {
        Contender direct = new(Contender.DirectName, targets.ToDictionary(t => t.Name, t => t.Address), []) { Kind = ContenderKind.Baseline };
        List<Contender> contenders = [direct, .. relays.Start(cancel)];
        if (options.ForwardAddresses.Count > 0)
        {
            contenders.Add(new Contender("relay", options.ForwardAddresses, []));
        }

        foreach (Contender contender in contenders)
        {
            foreach (ITarget target in targets.Where(t => contender.Addresses.ContainsKey(t.Name)))
            {
                ContenderProbe.WaitUntilAnswered(contender, target, cancel);
            }
        }

        AnsiConsole.WriteLine($"Comparing: {string.Join(", ", contenders.Select(c => c.Name))}");
        return contenders;
    }
}
