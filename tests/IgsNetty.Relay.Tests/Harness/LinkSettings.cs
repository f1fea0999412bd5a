using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>What a test may choose for a <see cref="LinkUnderTest"/>.</summary>
internal sealed record LinkSettings
{
    /// <summary>Whether this gateway dialled: its stream IDs are odd then.</summary>
    public bool Dialled { get; init; } = true;

    public string Name { get; init; } = "site-a";

    public string Peer { get; init; } = "site-b";

    public RelayLimits Limits { get; init; } = new();

    public long MemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>What the peer's Hello said.</summary>
    public int PeerMaxPayload { get; init; } = FrameLimits.MinAnnouncedPayload;

    public int PeerMaxStreams { get; init; } = 1000;

    public int PeerInitialWindow { get; init; } = 65_536;

    public TimeSpan Linger { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The first stream ID, when it is not 1 or 2.</summary>
    public uint? FirstStreamId { get; init; }

    public Capabilities PeerCapabilities { get; init; } = Capabilities.Datagrams;

    /// <summary>Who may send UDP where; null: peers nowhere.</summary>
    public AccessPolicy? Access { get; init; }

    /// <summary>What resolves names for UDP.</summary>
    public FakeResolver? Resolver { get; init; }

    /// <summary>UDP flows and reply ports that there may be.</summary>
    public int MaxFlows { get; init; } = 1000;

    public int MaxFlowsPerClient { get; init; } = 1000;

    public int MaxFlowsPerPeer { get; init; } = 1000;

    /// <summary>Another link of the same gateway: registry and UDP are shared; so is the loop, unless there is one of its own.</summary>
    public LinkUnderTest? Beside { get; init; }

    /// <summary>Its own loop; null: that of the test.</summary>
    public ManualEventLoop? EventLoop { get; init; }

    /// <summary>A registry that several links share; null: its own.</summary>
    public LinkRegistry? Registry { get; init; }
}
