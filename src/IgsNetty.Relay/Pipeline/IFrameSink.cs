using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// Takes what <see cref="LinkFrameDecoder"/> finds. Plain calls instead of message objects through the pipeline: a frame
/// costs no allocation. Every call returns null, or the breach that the link is to be closed for.
/// </summary>
internal interface IFrameSink
{
    /// <summary>A piece of a Data frame, as it arrived.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="source">The link's receive buffer; retain it to keep the bytes.</param>
    /// <param name="index">Where the piece begins.</param>
    /// <param name="count">Its bytes, at least 1.</param>
    /// <param name="isLast">The stream's EndOfStream is the next frame, and the next call.</param>
    Breach? OnData(uint streamId, IByteBuffer source, int index, int count, bool isLast);

    /// <summary>Any other frame, whole. The span is valid during the call.</summary>
    Breach? OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>The bytes broke the protocol, or a call above said so. Nothing more will come.</summary>
    void OnBreach(Breach breach);
}
