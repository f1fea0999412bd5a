using System.Net;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Dante, a SOCKS5 server: one hop, and the caller names the target. It is compared with the gateways' proxy port.</summary>
internal sealed class DantePeer : IPeer
{
    public const string PeerName = "dante";

    private const string Program = "danted";

    /// <inheritdoc/>
    public string Name => PeerName;

    /// <inheritdoc/>
    public string Packages => "dante-server";

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-v"];

    /// <inheritdoc/>
    public bool IsSocks => true;

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        string file = processes.Write("danted.conf", Configuration(forwards[0].Listen));
        string pidFile = Path.Combine(processes.Folder, "danted.pid");
        processes.Start(Program, PeerPrograms.Command(Program, ["-f", file, "-p", pidFile]), endsCleanly: false);
    }

    /// <param name="listen">Where it takes SOCKS5.</param>
    public static string Configuration(IPEndPoint listen) => $$"""
        logoutput: stderr
        internal: {{listen.Address}} port = {{listen.Port}}
        external: {{listen.Address}}
        clientmethod: none
        socksmethod: none
        client pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }
        socks pass { from: 127.0.0.0/8 to: 127.0.0.0/8 command: connect }

        """;
}
