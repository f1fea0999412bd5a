using System.Globalization;
using System.Text;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Two chained haproxy in mode tcp, TCP only.</summary>
internal sealed class HaproxyPeer : IPeer
{
    private const string Program = "haproxy";

    /// <inheritdoc/>
    public string Name => Program;

    /// <inheritdoc/>
    public string Packages => Program;

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-v"];

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        (IReadOnlyList<PeerForward> first, IReadOnlyList<PeerForward> second) = PeerForward.Chain(forwards);
        StartOne(processes, "b", second);
        StartOne(processes, "a", first);
    }

    private static void StartOne(RelayProcesses processes, string side, IReadOnlyList<PeerForward> forwards)
    {
        string file = processes.Write($"{side}.cfg", Configuration(forwards));
        processes.Start($"{Program} {side}", PeerPrograms.Command(Program, ["-db", "-q", "-f", file]), endsCleanly: false);
    }

    /// <summary>Of one of the two.</summary>
    public static string Configuration(IReadOnlyList<PeerForward> forwards)
    {
        StringBuilder text = new("""
            global
              nbthread 1
              tune.bufsize 65536
            defaults
              mode tcp
              backlog 4096
              maxconn 8000
              timeout connect 10s
              timeout client 1h
              timeout server 1h

            """);
        foreach (PeerForward forward in forwards)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"listen {forward.Name}\n  bind {forward.Listen}\n  server target {forward.Target}\n");
        }

        return text.ToString();
    }
}
