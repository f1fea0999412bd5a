using System.Globalization;
using System.Text;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Two chained nginx stream proxies, TCP and UDP.</summary>
internal sealed class NginxPeer : IPeer
{
    private const string Program = "nginx";
    private const string Module = "/usr/lib/nginx/modules/ngx_stream_module.so";

    /// <inheritdoc/>
    public string Name => Program;

    /// <inheritdoc/>
    public string Packages => "nginx libnginx-mod-stream";

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program, Module];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-v"];

    /// <inheritdoc/>
    public bool TakesUdp => true;

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        (IReadOnlyList<PeerForward> first, IReadOnlyList<PeerForward> second) = PeerForward.Chain(processes, forwards);
        StartOne(processes, "b", second);
        StartOne(processes, "a", first);
    }

    private static void StartOne(RelayProcesses processes, string side, IReadOnlyList<PeerForward> forwards)
    {
        string file = processes.Write($"{side}.conf", Configuration(Path.Combine(processes.Folder, $"{side}.pid"), forwards));
        processes.Start($"{Program} {side}", PeerPrograms.Command(Program, ["-e", "stderr", "-c", file]), endsCleanly: false);
    }

    /// <summary>Of one of the two.</summary>
    public static string Configuration(string pidFile, IReadOnlyList<PeerForward> forwards)
    {
        // A UDP session ends after two seconds without a datagram, as the gateways' flows do here.
        StringBuilder text = new($$"""
            load_module {{Module}};
            daemon off;
            worker_processes 1;
            pid {{pidFile}};
            error_log stderr error;
            events { worker_connections 16384; }
            stream {
              proxy_buffer_size 64k;
              proxy_half_close on;

            """);
        foreach (PeerForward forward in forwards)
        {
            string listen = forward.IsUdp ? "udp; proxy_timeout 2s" : "backlog=4096";
            text.Append(CultureInfo.InvariantCulture, $"  server {{ listen {forward.Listen} {listen}; proxy_pass {forward.Target}; }}\n");
        }

        return text.Append("}\n").ToString();
    }
}
