using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;

namespace IgsNetty.TestKit.Wire;

/// <summary>A frame as a test reads it off the wire.</summary>
public sealed record WireFrame(FrameHeader Header, ReadOnlyMemory<byte> Bytes)
{
    public FrameType Type => Header.Type;

    public uint StreamId => Header.StreamId;

    public ReadOnlySpan<byte> Payload => Bytes.Span;

    /// <summary>Of a ResetStream.</summary>
    public ResetReason ResetReason => (ResetReason)((Payload[0] << 8) | Payload[1]);

    /// <summary>Of a GoAway.</summary>
    public GoAwayReason GoAwayReason => (GoAwayReason)((Payload[4] << 8) | Payload[5]);

    /// <summary>Of a WindowUpdate, or the window at the front of a StreamOpened.</summary>
    public int Credit => (Payload[0] << 24) | (Payload[1] << 16) | (Payload[2] << 8) | Payload[3];
}
