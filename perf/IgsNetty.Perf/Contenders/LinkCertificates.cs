using System.Diagnostics;
using IgsNetty.Perf.Contenders.Peers;

namespace IgsNetty.Perf.Contenders;

/// <summary>The certificates of one pair of relays, made by the gateway's own <c>cert</c> command in the pair's folder.</summary>
/// <param name="Folder">Where <c>ca.pem</c>, and a <c>.pem</c> and a <c>.key</c> for each side, are.</param>
internal sealed record LinkCertificates(string Folder)
{
    public string Authority => Path.Combine(Folder, "ca.pem");

    /// <exception cref="PerfException">The gateway makes none.</exception>
    public static LinkCertificates Make(string gatewayPath, string folder)
    {
        Run(gatewayPath, "cert", "authority", "--out", folder);
        Run(gatewayPath, "cert", "issue", GatewayConfiguration.CallingSide, GatewayConfiguration.CalledSide, "--out", folder);
        return new LinkCertificates(folder);
    }

    public string Certificate(string side) => Path.Combine(Folder, $"{side}.pem");

    public string Key(string side) => Path.Combine(Folder, $"{side}.key");

    /// <summary>Program and arguments that run the gateway with these.</summary>
    public static ProcessStartInfo Command(string gatewayPath, IEnumerable<string> args) =>
        Path.GetExtension(gatewayPath) == ".dll" ? new("dotnet", [gatewayPath, .. args]) : new(gatewayPath, args);

    private static void Run(string gatewayPath, params string[] args)
    {
        ProcessStartInfo start = Command(gatewayPath, args);
        (int exitCode, IReadOnlyList<string> lines) = PeerPrograms.Run(start.FileName, start.ArgumentList);
        if (exitCode != 0)
        {
            throw new PerfException($"igsnetty {string.Join(' ', args)} failed: {string.Join(' ', lines)}");
        }
    }
}
