using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.FarLink;

namespace IgsNetty.Perf;

/// <summary>What one run of the load test was asked to do; <see cref="PerfOptionsParser"/> makes and checks it.</summary>
internal sealed record PerfOptions
{
    /// <summary>Of any scenario; most take fewer.</summary>
    public const int MostStreams = 60_000;

    public bool ShowHelp { get; init; }

    /// <summary>The command line that all of this comes from.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Names of the scenarios to run, or <see cref="AllScenarios"/>; empty: the standard set.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Measured seconds of each load run (0.2 to 86,400).</summary>
    public double DurationSeconds { get; init; } = 1.25;

    /// <summary>How often each case runs with each contender (1 to 100).</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Numbers of streams (1 to <see cref="MostStreams"/> each); empty: what the scenario chooses.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [];

    /// <summary>Bytes of a ping-pong message (1 to 65,536).</summary>
    public int MessageSize { get; init; } = 64;

    /// <summary>Requests or datagrams a second, of all streams together (1 to 10,000,000); null: what the scenario chooses.</summary>
    public int? Rate { get; init; }

    /// <summary>The link of the far scenario.</summary>
    public FarPath Far { get; init; } = FarPath.Default;

    /// <summary>Every scenario, also those that are no part of the standard set.</summary>
    public const string AllScenarios = "all";

    /// <summary>Links between the two gateways (0 to 64; 0: the gateway's own choice).</summary>
    public int Connections { get; init; }

    /// <summary>Gateways to compare, a pair for each; empty: one pair with whatever it is set to.</summary>
    public IReadOnlyList<GatewayVariant> Variants { get; init; } = [];

    /// <summary>What the gateways are compared with beside <see cref="Contender.DirectName"/>, by name.</summary>
    public IReadOnlyList<string> Against { get; init; } = [Contender.BareName];

    /// <summary>The gateway's program or .dll.</summary>
    public string? GatewayPath { get; init; }

    /// <summary>The gateways' links are TLS, and they are compared with relays that have TLS between them.</summary>
    public bool Tls { get; init; }

    /// <summary>Run without a relay only.</summary>
    public bool DirectOnly { get; init; }

    /// <summary>Where the load test's own targets listen, by target name; a target not named gets a free port.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> TargetAddresses { get; init; } = new Dictionary<string, IPEndPoint>();

    /// <summary>Where a relay that runs already leads to each target, by target name; empty: gateways are started.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> ForwardAddresses { get; init; } = new Dictionary<string, IPEndPoint>();

    /// <summary>Addresses beyond 127.0.0.0/8 are meant.</summary>
    public bool AllowsRemote { get; init; }

    /// <summary>Where the results go as JSON.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Where the HTML report goes; null: a file of its own in <c>perf/out</c>, unless <see cref="NoHtml"/>.</summary>
    public string? HtmlFile { get; init; }

    /// <summary>No HTML report.</summary>
    public bool NoHtml { get; init; }

    /// <summary>What the gateways allocate is not measured, which takes load runs of its own.</summary>
    public bool NoAllocations { get; init; }

    /// <summary>The JSON of an earlier load test, to compare with.</summary>
    public string? CompareFile { get; init; }

    /// <summary>The JSON of a later load test: no traffic, the two files are compared.</summary>
    public string? WithFile { get; init; }

    public bool IsAgainst(string name) => !DirectOnly && Against.Contains(name);

    /// <summary>The gateways between are started, and stopped, by the load test.</summary>
    public bool StartsGateways => !DirectOnly && ForwardAddresses.Count == 0;
}
