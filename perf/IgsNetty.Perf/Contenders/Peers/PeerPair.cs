using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>The processes of a peer.</summary>
/// <param name="peer">Is installed.</param>
/// <param name="targets">It gets a forward for each that it can relay to.</param>
internal sealed class PeerPair(IPeer peer, TargetSet targets) : IRelayPair
{
    private const int Attempts = 5;

    private RelayProcesses _processes = new();

    /// <inheritdoc/>
    public Contender Start(CancellationToken cancel)
    {
        // Another program may listen on a port between its choice and its use.
        for (int attempt = 1; attempt < Attempts; attempt++)
        {
            if (TryStart(cancel) is { } contender)
            {
                return contender;
            }

            _processes.Dispose();
            _processes = new RelayProcesses();
        }

        return TryStart(cancel) ?? throw new PerfException($"{peer.Name} found every port taken: {Attempts} attempts");
    }

    /// <inheritdoc/>
    public void AskToStop() => _processes.AskToStop();

    /// <inheritdoc/>
    public void Stop() => _processes.Stop();

    public void Dispose() => _processes.Dispose();

    // Null: a port was taken.
    private Contender? TryStart(CancellationToken cancel)
    {
        ITarget[] reached = peer.IsSocks ? [targets.Socks] : [.. targets.All.Where(t => peer.TakesUdp || !t.IsUdp)];
        PeerForward[] forwards = [.. reached.Select(t => new PeerForward(t.Name, t.IsUdp, _processes.TakeAddress(t.IsUdp), t.Address))];
        try
        {
            peer.Start(_processes, forwards, cancel);
            _processes.WaitUntilBound(cancel);
        }
        catch (PerfException) when (_processes.IsPortTaken())
        {
            return null;
        }

        return _processes.IsPortTaken()
            ? null
            : new Contender(peer.Name, forwards.ToDictionary(f => f.Name, f => f.Listen), [.. _processes.All])
            {
                Kind = ContenderKind.Peer,
                Version = PeerPrograms.Version(peer),
            };
    }
}
