using System.Net;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>
/// <c>ssh -L</c> and a server of its own, with keys that are thrown away; as the user who runs the load test. TCP only. All
/// streams share one connection, which is encrypted, as it always is with ssh.
/// </summary>
internal sealed class SshPeer : IPeer
{
    private const string Client = "ssh";
    private const string Server = "sshd";
    private const string KeyMaker = "ssh-keygen";

    /// <inheritdoc/>
    public string Name => Client;

    /// <inheritdoc/>
    public string Packages => "openssh-client openssh-server";

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Client, Server, KeyMaker];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Client, "-V"];

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        IPEndPoint server = processes.TakeAddress();
        string hostKey = MakeKey(processes, "host");
        string userKey = MakeKey(processes, "user");
        string known = processes.Write("known_hosts", $"[{server.Address}]:{server.Port} {File.ReadAllText(hostKey + ".pub")}");
        string configuration = processes.Write("sshd_config", ServerConfiguration(server, hostKey, userKey));
        RelayProcess daemon = processes.Start(
            Server, PeerPrograms.Command(Server, ["-D", "-e", "-f", configuration]), endsCleanly: false);
        processes.WaitUntilBound(cancel, server);
        if (daemon.HasEnded)
        {
            throw new PerfException(daemon.State());
        }

        processes.Start(Client, PeerPrograms.Command(Client, ClientArguments(server, userKey, known, forwards)), endsCleanly: false);
    }

    /// <summary>Of a server that lets one key in and asks for nothing else of the system.</summary>
    public static string ServerConfiguration(IPEndPoint server, string hostKey, string userKey) => $"""
        ListenAddress {server}
        HostKey {hostKey}
        AuthorizedKeysFile {userKey}.pub
        AuthenticationMethods publickey
        UsePAM no
        StrictModes no
        PidFile none
        LogLevel ERROR

        """;

    /// <summary>Of a client that reads no file of the user's and asks nobody.</summary>
    public static string[] ClientArguments(IPEndPoint server, string userKey, string knownHosts, IReadOnlyList<PeerForward> forwards) =>
    [
        "-N", "-F", "none", "-i", userKey, "-p", $"{server.Port}", "-l", Environment.UserName,
        "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={knownHosts}", "-o", "ExitOnForwardFailure=yes",
        .. forwards.SelectMany(f => new[] { "-L", $"{f.Listen}:{f.Target}" }),
        $"{server.Address}",
    ];

    private static string MakeKey(RelayProcesses processes, string name)
    {
        string file = Path.Combine(processes.Folder, name);
        (int exitCode, IReadOnlyList<string> lines) = PeerPrograms.Run(KeyMaker, ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
        return exitCode == 0 ? file : throw new PerfException($"{KeyMaker} made no key: {string.Join(' ', lines)}");
    }
}
