using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.FlowControl;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// How bytes are cut and queued on the way through a gateway: what operators may tune (<c>Pipeline</c> in docs/configuration.md).
/// The defaults were settled by measurement (docs/performance.md). Immutable.
/// </summary>
public sealed record PipelineOptions
{
    /// <summary>Largest receive buffer of a socket in bytes, headroom included, a power of two; so one buffer is one frame.</summary>
    public int BufferBytes { get; init; } = 512 * 1024;

    /// <summary>Largest payload this gateway accepts, as its Hello says, in bytes.</summary>
    public int MaxPayload => BufferBytes - FrameHeader.Size;

    /// <summary>Bytes read from one socket in one turn of its loop, after which the others have theirs.</summary>
    public int ReadBytesPerTurn { get; init; } = 512 * 1024;

    /// <summary>Bytes one stream sends on a link before the next one that waits.</summary>
    public int QuantumBytes { get; init; } = 512 * 1024;

    /// <summary>Payloads of at most so many bytes are copied, and leave together in one send.</summary>
    public int SmallPayloadBytes { get; init; } = 2048;

    /// <summary>A stream's window once it stands, in bytes.</summary>
    public int StartWindowBytes { get; init; } = FlowControlDefaults.StartWindowBytes;

    /// <summary>The most it grows to where the round trip is short, in bytes.</summary>
    public int MaxShortPathWindowBytes { get; init; } = FlowControlDefaults.MaxShortPathWindowBytes;

    /// <summary>The most it grows to on a long path, in bytes.</summary>
    public int MaxWindowBytes { get; init; } = FlowControlDefaults.MaxWindowBytes;

    /// <summary>
    /// Bytes of a link that may wait in the kernel before they leave (TCP_NOTSENT_LOWAT); what comes later waits in the gateway,
    /// where small streams overtake large ones. Four times as many where the round trip is long, so that TCP never runs dry.
    /// 0: as many as the kernel likes.
    /// </summary>
    public int LinkUnsentBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of a link that may be on their way or wait in the kernel where the round trip is a machine's or a rack's (SO_SNDBUF): they and
    /// their copies at the other end then stay in the processor's cache. Elsewhere, and with 0, as many as the kernel thinks right.
    /// </summary>
    public int LinkSendBufferBytes { get; init; } = 256 * 1024;
}
