using IgsNetty.Protocol.Frames;

namespace IgsNetty.Relay.Pipeline;

/// <summary>Sizes this gateway chose within docs/protocol.md.</summary>
public static class LinkFrames
{
    /// <summary>Largest receive buffer of a local socket, headroom included; so one buffer is one frame.</summary>
    public const int BufferBytes = 256 * 1024;

    /// <summary>Largest payload this gateway accepts, as its Hello says.</summary>
    public const int MaxPayload = BufferBytes - FrameHeader.Size;
}
