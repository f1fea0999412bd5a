using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>Whether a contender leads to a target yet.</summary>
internal static class ContenderProbe
{

    // A peer listens by now. What it does not relay, as v2ray an end of one way, it will not relay later.
    private static readonly TimeSpan PeerLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(0.1);

    /// <summary>A gateway listens before its links are up, so the first calls may fail.</summary>
    /// <exception cref="PerfException">The target does not answer in time, or a gateway has ended.</exception>
    public static void WaitUntilAnswered(Contender contender, ITarget target, CancellationToken cancel)
    {
        IPEndPoint address = contender.Addresses[target.Name];
        TimeSpan limit = contender.Kind == ContenderKind.Peer ? PeerLimit : HangGuard.Limit;
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
                if (Stopwatch.GetElapsedTime(start) > limit || contender.Gateways.Any(g => g.HasEnded))
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
