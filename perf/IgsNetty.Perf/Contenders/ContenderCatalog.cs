using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>The contenders of one load test, in the order of each round.</summary>
internal static class ContenderCatalog
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(0.1);

    /// <param name="options">Whether relays run already, and where.</param>
    /// <param name="targets">Every target; they listen already.</param>
    /// <param name="gateways">Not started yet.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="PerfException">The gateways do not start, or a target does not answer through the relay.</exception>
    public static IReadOnlyList<Contender> Create(
        PerfOptions options, IReadOnlyList<ITarget> targets, GatewayFleet gateways, CancellationToken cancel)
    {
        Contender direct = new(Contender.DirectName, targets.ToDictionary(t => t.Name, t => t.Address), []);
        List<Contender> contenders = [direct, .. gateways.Start(cancel)];
        if (options.ForwardAddresses.Count > 0)
        {
            contenders.Add(new Contender("relay", options.ForwardAddresses, []));
        }

        foreach (Contender contender in contenders)
        {
            foreach (ITarget target in targets.Where(t => contender.Addresses.ContainsKey(t.Name)))
            {
                WaitUntilAnswered(contender, target, cancel);
            }
        }

        AnsiConsole.WriteLine($"Comparing: {string.Join(", ", contenders.Select(c => c.Name))}");
        return contenders;
    }

    /// <summary>A gateway listens before its links are up, so the first calls may fail.</summary>
    private static void WaitUntilAnswered(Contender contender, ITarget target, CancellationToken cancel)
    {
        IPEndPoint address = contender.Addresses[target.Name];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                target.Probe(address);
                return;
            }
            catch (Exception e) when (e is SocketException or PerfException)
            {
                if (Stopwatch.GetElapsedTime(start) > ProbeLimit || contender.Gateways.Any(g => g.HasEnded))
                {
                    string what = $"the {target.Name} target does not answer by way of {contender.Name} ({address}): {e.Message}";
                    throw new PerfException(what + contender.StateOfGateways(), e);
                }

                cancel.WaitHandle.WaitOne(ProbeInterval);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }
}
