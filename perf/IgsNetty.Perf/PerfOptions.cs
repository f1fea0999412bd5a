using System.Net;
using IgsNetty.Perf.Contenders;

namespace IgsNetty.Perf;

/// <summary>What one run of the load test was asked to do; <see cref="PerfOptionsParser"/> makes and checks it.</summary>
internal sealed record PerfOptions
{
    /// <summary>Each stream takes two sockets here, and 20,000 files are a usual limit of a process.</summary>
    public const int MostStreams = 8000;

    public bool ShowHelp { get; init; }

    /// <summary>Names of the scenarios to run; empty: all.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Measured seconds of each load run (0.2 to 600).</summary>
    public double DurationSeconds { get; init; } = 2.5;

    /// <summary>How often each case runs with each contender (1 to 100).</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Numbers of streams (1 to <see cref="MostStreams"/> each); empty: what the scenario chooses.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [];

    /// <summary>Bytes of a ping-pong message (1 to 65,536).</summary>
    public int MessageSize { get; init; } = 64;

    /// <summary>Requests or datagrams a second, of all streams together (1 to 10,000,000); null: what the scenario chooses.</summary>
    public int? Rate { get; init; }

    /// <summary>Links between the two gateways (0 to 64; 0: the gateway's own choice).</summary>
    public int Connections { get; init; }

    /// <summary>Transports to compare, a pair of gateways each; empty: one pair with whatever it is set to.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>What the gateways are compared with beside <see cref="Contender.DirectName"/>, by name.</summary>
    public IReadOnlyList<string> Against { get; init; } = [Contender.BareName];

    /// <summary>The gateway's program or .dll.</summary>
    public string? GatewayPath { get; init; }

    /// <summary>Run without a relay only.</summary>
    public bool DirectOnly { get; init; }

    /// <summary>Where the load test's own targets listen, by target name; a target not named gets a free port.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> TargetAddresses { get; init; } = new Dictionary<string, IPEndPoint>();

    /// <summary>Where a relay that runs already leads to each target, by target name; empty: gateways are started.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> ForwardAddresses { get; init; } = new Dictionary<string, IPEndPoint>();

    /// <summary>Where the results go as JSON.</summary>
    public string? JsonFile { get; init; }

    public bool IsAgainst(string name) => !DirectOnly && Against.Contains(name);

    /// <summary>The gateways between are started, and stopped, by the load test.</summary>
    public bool StartsGateways => !DirectOnly && ForwardAddresses.Count == 0;
}
