using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>The two gateways' configuration files, with port 0 wherever they listen. What is not named keeps its default.</summary>
internal static class GatewayConfiguration
{
    public const string CallingSide = "site-a";
    public const string CalledSide = "site-b";

    private const string AnyPort = "127.0.0.1:0";

    /// <summary>Listens for links and lets the calling side open any target on this machine.</summary>
    /// <param name="link">Where it listens for links.</param>
    /// <param name="security">Of its links.</param>
    public static JsonObject ForCalledSide(IPAddress link, JsonObject security) => new()
    {
        ["Gateway"] = new JsonObject { ["Name"] = CalledSide },
        ["Links"] = new JsonObject { ["Listen"] = new JsonArray($"{link}:0"), ["Security"] = security },
        ["Proxy"] = new JsonObject { ["Enabled"] = false },
        ["Allow"] = new JsonArray(new JsonObject
        {
            ["From"] = CallingSide,
            ["Protocol"] = "any",
            ["Destination"] = "127.0.0.0/8",
            ["Ports"] = "1-65535",
        }),

        // Guards against a peer gone wild; what is measured here is the relay, as fast as it can.
        ["Limits"] = new JsonObject { ["OpensPerSecondPerPeer"] = 10_000_000 },
    };

    /// <summary>Dials the called side and has a forward for each target, of the target's name, and a proxy port that leads there.</summary>
    public static JsonObject ForCallingSide(
        IPEndPoint link, JsonObject security, int connections, IEnumerable<ITarget> targets) => new()
    {
        ["Gateway"] = new JsonObject { ["Name"] = CallingSide },
        ["Links"] = new JsonObject
        {
            ["Dial"] = new JsonArray(new JsonObject
            {
                ["Peer"] = CalledSide,
                ["Address"] = link.ToString(),
                ["Connections"] = connections,
            }),
            ["Security"] = security,
        },
        ["Proxy"] = new JsonObject { ["Listen"] = AnyPort },
        ["Routes"] = new JsonArray(new JsonObject { ["Destination"] = "*", ["Via"] = CalledSide }),
        ["Forwards"] = new JsonArray([.. targets.Select(Forward)]),
    };

    private static JsonObject Forward(ITarget target)
    {
        JsonObject forward = new()
        {
            ["Name"] = target.Name,
            ["Protocol"] = target.IsUdp ? "udp" : "tcp",
            ["Listen"] = AnyPort,
            ["Target"] = target.Address.ToString(),
            ["Via"] = CalledSide,
        };
        if (target.IsUdp)
        {
            // The flows of one load run are gone when the next one of these gateways begins.
            forward["UdpResponseTimeoutSeconds"] = 2;
        }

        return forward;
    }

    /// <summary>Beyond loopback the gateways want to know each other; a shared key changes nothing in what crosses the link.</summary>
    /// <param name="side">Whose.</param>
    /// <param name="certificates">For TLS; null: none.</param>
    /// <param name="keyFile">Of a shared key, where there is no TLS; null: none.</param>
    public static JsonObject Security(string side, LinkCertificates? certificates, string? keyFile) =>
        certificates is not null
            ? new()
            {
                ["Mode"] = "tls",
                ["Certificate"] = certificates.Certificate(side),
                ["Key"] = certificates.Key(side),
                ["Authority"] = certificates.Authority,
            }
            : keyFile is null ? new() { ["Mode"] = "none" } : new() { ["Mode"] = "shared-key", ["Key"] = keyFile };
}
