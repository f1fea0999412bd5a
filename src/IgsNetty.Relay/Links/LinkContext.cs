using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Relay.Links;

/// <summary>What all links of a gateway share. Immutable; its members are thread-safe.</summary>
public sealed record LinkContext
{
    /// <summary>This gateway's name.</summary>
    public required string Name { get; init; }

    public required LinkSecurity Security { get; init; }

    public required KeepAliveOptions KeepAlive { get; init; }

    public required RelayLimits Limits { get; init; }

    public required MemoryBudget Memory { get; init; }

    public required LinkRegistry Registry { get; init; }

    /// <summary>Opens the targets of streams that peers open.</summary>
    public required ITargetConnector Connector { get; init; }

    /// <summary>For UDP streams that peers open.</summary>
    public required DatagramContext Datagrams { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>For log messages that peers cause.</summary>
    internal DistinctThrottle Throttle { get; } = new();

    /// <summary>How their frames are made.</summary>
    public PipelineOptions Pipeline { get; init; } = new();

    /// <summary>
    /// For links: without room in front, so that a read takes just what the largest frame is made of. With it each read ends
    /// eight bytes before its frame does, and each frame leaves in two pieces.
    /// </summary>
    internal ReceiveBuffers ReceiveBuffers => field ??= new ReceiveBuffers(
        headroom: 0, Pipeline.BufferBytes, Pipeline.ReadBytesPerTurn, () => Memory.IsUnderPressure);
}
