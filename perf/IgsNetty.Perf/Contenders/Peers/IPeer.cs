namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>
/// Another relay, from Debian, in the place of the two gateways. A new one is a file here and a line in <see cref="PeerCatalog"/>.
/// </summary>
internal interface IPeer
{
    /// <summary>As <c>--against</c> names it.</summary>
    string Name { get; }

    /// <summary>Debian's packages that it comes in.</summary>
    string Packages { get; }

    /// <summary>Programs, and files with their whole path, without which it cannot run.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>Prints its version: program and arguments.</summary>
    IReadOnlyList<string> VersionCommand { get; }

    /// <summary>It relays datagrams as well as TCP.</summary>
    bool TakesUdp => false;

    /// <summary>It is a SOCKS5 server, of one hop: its one forward is <see cref="Load.TargetNames.Socks"/>, whose callers name the target.</summary>
    bool IsSocks => false;

    /// <summary>Starts its processes; what calls or sends to a forward's address then gets to the forward's target, in a moment.</summary>
    /// <exception cref="PerfException">One does not start.</exception>
    void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel);
}
