using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Every peer there is, in the order of each round.</summary>
internal static class PeerCatalog
{
    public static IReadOnlyList<IPeer> All { get; } =
        [new HaproxyPeer(), new NginxPeer(), new SshPeer(), new SocatPeer(), new V2rayPeer(), new DantePeer()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(p => p.Name), HaproxyPeer.TlsName];

    /// <summary>Those that the options ask for and that are installed; says which are not.</summary>
    public static IEnumerable<PeerPair> Create(PerfOptions options, TargetSet targets) =>
        Installed(All.Append(new HaproxyPeer(options.GatewayPath)).Where(p => options.IsAgainst(p.Name))).Select(peer => new PeerPair(peer, targets));

    /// <summary>Says which are not.</summary>
    public static IEnumerable<IPeer> Installed(IEnumerable<IPeer> peers)
    {
        foreach (IPeer peer in peers)
        {
            if (peer.Needs.FirstOrDefault(need => PeerPrograms.Find(need) is null) is { } missing)
            {
                AnsiConsole.WriteLine(
                    $"{peer.Name} is left out: there is no {missing} (run-perf.sh --install-peers, or apt-get install {peer.Packages})");
            }
            else
            {
                yield return peer;
            }
        }
    }
}
