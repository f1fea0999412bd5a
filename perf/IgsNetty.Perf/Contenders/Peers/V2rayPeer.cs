using System.Net;
using System.Text.Json.Nodes;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>
/// Two v2ray: streams that share connections (mux over vmess, without encryption), TCP and UDP. Where calls come in is a
/// dokodemo-door for each target, and where they go out is the freedom of the second one.
/// </summary>
internal sealed class V2rayPeer : IPeer
{
    private const string Program = "v2ray";

    /// <summary>Streams of one connection, v2ray's own default.</summary>
    private const int StreamsPerConnection = 8;

    /// <inheritdoc/>
    public string Name => Program;

    /// <inheritdoc/>
    public string Packages => Program;

    /// <inheritdoc/>
    public IReadOnlyList<string> Needs => [Program];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [Program, "-version"];

    /// <inheritdoc/>
    public bool TakesUdp => true;

    /// <inheritdoc/>
    public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel)
    {
        IPEndPoint between = processes.TakeAddress();
        string user = Guid.NewGuid().ToString();
        StartOne(processes, "b", CalledSide(between, user));
        StartOne(processes, "a", CallingSide(between, user, forwards));
    }

    /// <summary>Connects whatever comes out of the shared connections.</summary>
    public static JsonObject CalledSide(IPEndPoint between, string user) =>
        Configuration([InboundVmess(between, user)], new JsonObject { ["protocol"] = "freedom" });

    /// <summary>Has a door for each target, and puts what comes in there into shared connections.</summary>
    public static JsonObject CallingSide(IPEndPoint between, string user, IReadOnlyList<PeerForward> forwards) =>
        Configuration([.. forwards.Select(Door)], OutboundVmess(between, user));

    private static JsonObject Configuration(JsonArray inbounds, JsonObject outbound) => new()
    {
        ["log"] = new JsonObject { ["access"] = "/dev/null", ["loglevel"] = "error" },
        ["inbounds"] = inbounds,
        ["outbounds"] = new JsonArray(outbound),

        // The other way stays open after an end: a second or two if it is not told.
        ["policy"] = new JsonObject
        {
            ["levels"] = new JsonObject { ["0"] = new JsonObject { ["uplinkOnly"] = 60, ["downlinkOnly"] = 60, ["connIdle"] = 3600 } },
        },
    };

    private static void StartOne(RelayProcesses processes, string side, JsonObject configuration)
    {
        string file = processes.Write($"{side}.json", configuration.ToJsonString());
        processes.Start($"{Program} {side}", PeerPrograms.Command(Program, ["-config", file]), endsCleanly: false);
    }

    private static JsonNode Door(PeerForward forward) => new JsonObject
    {
        ["listen"] = forward.Listen.Address.ToString(),
        ["port"] = forward.Listen.Port,
        ["protocol"] = "dokodemo-door",
        ["settings"] = new JsonObject
        {
            ["address"] = forward.Target.Address.ToString(),
            ["port"] = forward.Target.Port,
            ["network"] = forward.IsUdp ? "udp" : "tcp",
        },
    };

    private static JsonObject InboundVmess(IPEndPoint listen, string user) => new()
    {
        ["listen"] = listen.Address.ToString(),
        ["port"] = listen.Port,
        ["protocol"] = "vmess",
        ["settings"] = new JsonObject { ["clients"] = new JsonArray(new JsonObject { ["id"] = user, ["alterId"] = 0 }) },
    };

    private static JsonObject OutboundVmess(IPEndPoint server, string user) => new()
    {
        ["protocol"] = "vmess",
        ["settings"] = new JsonObject
        {
            ["vnext"] = new JsonArray(new JsonObject
            {
                ["address"] = server.Address.ToString(),
                ["port"] = server.Port,
                ["users"] = new JsonArray(new JsonObject { ["id"] = user, ["alterId"] = 0, ["security"] = "none" }),
            }),
        },
        ["mux"] = new JsonObject { ["enabled"] = true, ["concurrency"] = StreamsPerConnection },
    };
}
