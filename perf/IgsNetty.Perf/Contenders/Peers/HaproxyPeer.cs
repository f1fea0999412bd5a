using System.Globalization;
using System.Text;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>
/// Two chained haproxy in mode tcp, TCP only; as <see cref="TlsName"/> with TLS between them, as the gateways' links have it: version
/// 1.3, a certificate at both ends, the same cipher suite.
/// </summary>
internal sealed class HaproxyPeer : IPeer
{
    public const string TlsName = "haproxy-tls";

    private const string Program = "haproxy";

    private readonly bool _hasTls;
    private readonly string? _gatewayPath;

    /// <summary>Without TLS.</summary>
    public HaproxyPeer()
    {
    }

    /// <summary>With TLS.</summary>
    /// <param name="gatewayPath">The gateway's program, which makes the certificates; null: it will not be started.</param>
    public HaproxyPeer(string? gatewayPath)
    {
        _hasTls = true;
        _gatewayPath = gatewayPath;
    }

    /// <inheritdoc/>
    public string Name => _hasTls ? TlsName : Program;

    /// <inheritdoc/>
    public string Packages => Program;

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-v"];

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        (IReadOnlyList<PeerForward> first, IReadOnlyList<PeerForward> second) = PeerForward.Chain(processes, forwards);
        LinkCertificates? certificates = _hasTls ? LinkCertificates.Make(_gatewayPath!, processes.Folder) : null;
        string calling = certificates is null ? "" : Tls(processes, certificates, GatewayConfiguration.CallingSide);
        string called = certificates is null ? "" : Tls(processes, certificates, GatewayConfiguration.CalledSide);
        StartOne(processes, "b", Configuration(second, onBind: called, onServer: ""));
        StartOne(processes, "a", Configuration(first, onBind: "", onServer: calling));
    }

    // haproxy wants certificate and key in one file.
    private static string Tls(RelayProcesses processes, LinkCertificates certificates, string side)
    {
        string file = processes.Write(
            $"{side}.haproxy.pem", File.ReadAllText(certificates.Certificate(side)) + File.ReadAllText(certificates.Key(side)));
        return $" ssl crt {file} ca-file {certificates.Authority} verify required ssl-min-ver TLSv1.3 ciphersuites TLS_AES_128_GCM_SHA256";
    }

    private static void StartOne(RelayProcesses processes, string side, string configuration)
    {
        string file = processes.Write($"{side}.cfg", configuration);
        processes.Start($"{Program} {side}", PeerPrograms.Command(Program, ["-db", "-f", file]), endsCleanly: false);
    }

    /// <summary>Of one of the two.</summary>
    public static string Configuration(IReadOnlyList<PeerForward> forwards, string onBind = "", string onServer = "")
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
                CultureInfo.InvariantCulture, $"listen {forward.Name}\n  bind {forward.Listen}{onBind}\n  server target {forward.Target}{onServer}\n");
        }

        return text.ToString();
    }
}
