using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>Any payload that <see cref="MessageReader"/> reads, behind one method: parsed, and written back.</summary>
internal static class AnyMessage
{
    /// <summary>The types that have a reader.</summary>
    public static FrameType[] Types { get; } =
    [
        FrameType.Hello, FrameType.OpenStream, FrameType.StreamOpened, FrameType.ResetStream,
        FrameType.WindowUpdate, FrameType.Ping, FrameType.Pong, FrameType.GoAway, FrameType.Datagram,
    ];

    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="streamId">For writing it back.</param>
    /// <param name="payload">The bytes to read.</param>
    /// <param name="written">The frame that the message makes again; empty after a breach.</param>
    public static Breach? Read(FrameType type, uint streamId, ReadOnlySpan<byte> payload, out byte[] written)
    {
        byte[] frame = new byte[Math.Max(MessageWriter.MaxControlFrame, MessageWriter.MaxDatagramOverhead + payload.Length)];
        int size = 0;
        Breach? breach;
        switch (type)
        {
            case FrameType.Hello:
                breach = MessageReader.Read(payload, out Hello hello);
                size = breach is null ? MessageWriter.Write(frame, hello) : 0;
                break;
            case FrameType.OpenStream:
                breach = MessageReader.Read(payload, out OpenStream open);
                size = breach is null ? MessageWriter.Write(frame, streamId, open) : 0;
                break;
            case FrameType.StreamOpened:
                breach = MessageReader.Read(payload, out StreamOpened opened);
                size = breach is null ? MessageWriter.Write(frame, streamId, opened) : 0;
                break;
            case FrameType.ResetStream:
                breach = MessageReader.Read(payload, out ResetStream reset);
                size = breach is null ? MessageWriter.Write(frame, streamId, reset) : 0;
                break;
            case FrameType.WindowUpdate:
                breach = MessageReader.Read(payload, out WindowUpdate update);
                size = breach is null ? MessageWriter.Write(frame, streamId, update) : 0;
                break;
            case FrameType.Ping or FrameType.Pong:
                breach = MessageReader.Read(payload, out Ping ping);
                size = breach is null ? MessageWriter.Write(frame, type, ping) : 0;
                break;
            case FrameType.GoAway:
                breach = MessageReader.Read(payload, out GoAway goAway);
                size = breach is null ? MessageWriter.Write(frame, goAway) : 0;
                break;
            case FrameType.Datagram:
                breach = MessageReader.Read(payload, out Datagram datagram);
                size = breach is null ? MessageWriter.Write(frame, streamId, datagram) : 0;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "no reader");
        }

        written = frame[..size];
        return breach;
    }
}
