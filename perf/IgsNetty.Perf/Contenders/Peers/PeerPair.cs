using System.Net;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>The processes of a peer.</summary>
/// <param name="peer">Is installed.</param>
/// <param name="targets">It gets a forward for each that it can relay to.</param>
internal sealed class PeerPair(IPeer peer, TargetSet targets) : IRelayPair
{
    private readonly RelayProcesses _processes = new();

    /// <inheritdoc/>
    public Contender Start(CancellationToken cancel)
    {
        ITarget[] reached = peer.IsSocks ? [targets.Socks] : [.. targets.All.Where(t => peer.TakesUdp || !t.IsUdp)];
        IPEndPoint[] listens = FreePorts.Find([.. reached.Select(t => t.IsUdp)]);
        PeerForward[] forwards = [.. reached.Zip(listens, (t, listen) => new PeerForward(t.Name, t.IsUdp, listen, t.Address))];
        peer.Start(_processes, forwards, cancel);
        return new Contender(peer.Name, forwards.ToDictionary(f => f.Name, f => f.Listen), [.. _processes.All])
        {
            Kind = ContenderKind.Peer,
            Version = PeerPrograms.Version(peer),
        };
    }

    /// <inheritdoc/>
    public void AskToStop() => _processes.AskToStop();

    /// <inheritdoc/>
    public void Stop() => _processes.Stop();

    public void Dispose() => _processes.Dispose();
}
