namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Two chained socat for each target, each with a process for every connection, TCP only.</summary>
internal sealed class SocatPeer : IPeer
{
    private const string Program = "socat";

    /// <inheritdoc/>
    public string Name => Program;

    /// <inheritdoc/>
    public string Packages => Program;

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-V"];

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        (IReadOnlyList<PeerForward> first, IReadOnlyList<PeerForward> second) = PeerForward.Chain(processes, forwards);
        StartSide(processes, "b", second);
        StartSide(processes, "a", first);
    }

    private static void StartSide(RelayProcesses processes, string side, IReadOnlyList<PeerForward> forwards)
    {
        foreach (PeerForward forward in forwards)
        {
            processes.Start($"{Program} {side} {forward.Name}", PeerPrograms.Command(Program, Arguments(forward)), endsCleanly: false);
        }
    }

    /// <summary>Of the one process that waits for a forward's calls.</summary>
    public static string[] Arguments(PeerForward forward) =>
    [
        // -t: how long the other way stays open after an end, half a second if it is not told.
        "-b", "65536", "-t", "60",
        $"TCP-LISTEN:{forward.Listen.Port},bind={forward.Listen.Address},fork,reuseaddr,backlog=4096,nodelay",
        $"TCP:{forward.Target},nodelay",
    ];
}
