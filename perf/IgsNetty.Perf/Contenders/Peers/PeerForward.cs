using System.Net;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>What a peer is to do for one target.</summary>
/// <param name="Name">The target's.</param>
/// <param name="IsUdp">Datagrams, not TCP.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Target">Where that leads.</param>
internal sealed record PeerForward(string Name, bool IsUdp, IPEndPoint Listen, IPEndPoint Target)
{
    /// <summary>The same way in two hops, of which the second is to be started first.</summary>
    public static (IReadOnlyList<PeerForward> First, IReadOnlyList<PeerForward> Second) Chain(RelayProcesses processes, IReadOnlyList<PeerForward> forwards)
    {
        IPEndPoint[] between = [.. forwards.Select(f => processes.TakeAddress(f.IsUdp))];
        return (
            [.. forwards.Select((f, i) => f with { Target = between[i] })],
            [.. forwards.Select((f, i) => f with { Listen = between[i] })]);
    }
}
