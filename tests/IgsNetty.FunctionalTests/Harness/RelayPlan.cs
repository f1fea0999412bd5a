using System.Net;
using System.Text.Json.Nodes;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>What a test wants between its client and its server.</summary>
internal sealed record RelayPlan(RelayMode Mode)
{
    private static readonly AllowRule[] Loopback = [new("127.0.0.0/8"), new("::1")];

    /// <summary>Targets that get a forward each.</summary>
    public IReadOnlyList<IPEndPoint> Forwards { get; init; } = [];

    /// <summary>Targets that get a UDP forward each.</summary>
    public IReadOnlyList<UdpForward> UdpForwards { get; init; } = [];

    /// <summary>UDP response timeout in seconds, of the proxy port and of every forward that has none of its own.</summary>
    public int? UdpTimeout { get; init; }

    /// <summary>UDP reply filter, of the proxy port and of every forward that has none of its own.</summary>
    public string? UdpFilter { get; init; }

    /// <summary>What may be opened; by default all of loopback.</summary>
    public IReadOnlyList<AllowRule> Allow { get; init; } = Loopback;

    /// <summary>Links from the calling to the called side.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>Notice a silent peer within three seconds and dial again at once. The called side may be started again.</summary>
    public bool Quick { get; init; }

    /// <summary>Where the gateways find names; null: where this machine does.</summary>
    public NameFiles? Names { get; init; }

    /// <summary>Last changes to the configuration of the gateway that the client talks to.</summary>
    public Action<JsonObject>? ChangeCalling { get; init; }

    /// <summary>Last changes to the configuration of the gateway that opens targets.</summary>
    public Action<JsonObject>? ChangeCalled { get; init; }
}
