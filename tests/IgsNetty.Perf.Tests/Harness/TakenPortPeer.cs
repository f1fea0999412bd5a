using System.Net.Sockets;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>A real peer, whose first port another one takes right before the first start.</summary>
internal sealed class TakenPortPeer(IPeer peer) : IPeer, IDisposable
{
    private Socket? _other;

    public int Starts { get; private set; }

    public string Name => peer.Name;

    public string Packages => peer.Packages;

    public IReadOnlyList<string> Needs => peer.Needs;

    public IReadOnlyList<string> VersionCommand => peer.VersionCommand;

    public bool TakesUdp => peer.TakesUdp;

    public bool IsSocks => peer.IsSocks;

    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        Starts++;
        _other ??= LoadSocket.Listen(forwards[0].Listen);
        peer.Start(processes, forwards, cancel);
    }

    public void Dispose() => _other?.Dispose();
}
