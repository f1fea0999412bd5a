using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;

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

    /// <summary>The clock of UDP flows.</summary>
    public Func<long> Clock { get; init; } = static () => Environment.TickCount64;

    /// <summary>A registry that several links share; null: its own.</summary>
    public LinkRegistry? Registry { get; init; }
}
