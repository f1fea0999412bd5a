using System.Text;
using System.Text.Unicode;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Codec;

/// <summary>
/// Message → frame, header and payload (docs/protocol.md §2 and §5 to §9). Every method fills the front of the
/// destination, which must hold <see cref="MaxControlFrame"/> bytes (a Datagram: see there), and returns the bytes of the frame. Pure.
/// </summary>
public static class MessageWriter
{
    /// <summary>The longest frame that any method here writes but for a Datagram, header included.</summary>
    public const int MaxControlFrame = FrameHeader.Size + 8 + (2 * (4 + TargetAddress.MaxHostBytes));

    /// <summary>The most that a Datagram frame has besides the datagram's bytes.</summary>
    public const int MaxDatagramOverhead = FrameHeader.Size + 4 + TargetAddress.MaxHostBytes;

    public static int Write(Span<byte> destination, Hello hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt32(MessageReader.Magic);
        writer.Byte(hello.MinVersion);
        writer.Byte(hello.MaxVersion);
        writer.Byte((byte)hello.Authentication);
        writer.Byte(0);
        writer.UInt32((uint)hello.Capabilities);
        writer.UInt32((uint)hello.MaxFramePayload);
        writer.UInt32((uint)hello.MaxStreams);
        writer.UInt32((uint)hello.InitialWindow);
        writer.Bytes(hello.Nonce.Span);
        writer.Byte((byte)hello.Name.Length);
        writer.Bytes(Encoding.ASCII.GetBytes(hello.Name));
        return Finish(destination, FrameType.Hello, 0, writer.Written);
    }

    /// <param name="destination">Where the frame goes.</param>
    /// <param name="proof">The 32 bytes of <see cref="LinkProof"/>.</param>
    public static int WriteAuthenticate(Span<byte> destination, ReadOnlySpan<byte> proof)
    {
        proof.CopyTo(destination[FrameHeader.Size..]);
        return Finish(destination, FrameType.Authenticate, 0, proof.Length);
    }

    public static int Write(Span<byte> destination, uint streamId, OpenStream open)
    {
        ArgumentNullException.ThrowIfNull(open);
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.Byte((byte)open.Protocol);
        writer.Byte((byte)open.ReplyFilter);
        writer.UInt16(open.UdpResponseTimeoutSeconds);
        writer.UInt32((uint)open.Window);
        writer.Address(open.Target);
        writer.Address(open.Caller);
        return Finish(destination, FrameType.OpenStream, streamId, writer.Written);
    }

    public static int Write(Span<byte> destination, uint streamId, StreamOpened opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt32((uint)opened.Window);
        writer.Address(opened.Bound);
        return Finish(destination, FrameType.StreamOpened, streamId, writer.Written);
    }

    public static int WriteEndOfStream(Span<byte> destination, uint streamId) =>
        Finish(destination, FrameType.EndOfStream, streamId, 0);

    public static int Write(Span<byte> destination, uint streamId, ResetStream reset)
    {
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt16((ushort)reset.Reason);
        return Finish(destination, FrameType.ResetStream, streamId, writer.Written);
    }

    public static int Write(Span<byte> destination, uint streamId, WindowUpdate update)
    {
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt32((uint)update.Increment);
        return Finish(destination, FrameType.WindowUpdate, streamId, writer.Written);
    }

    /// <param name="destination">Where the frame goes.</param>
    /// <param name="type">Ping or Pong.</param>
    /// <param name="ping">The eight bytes.</param>
    public static int Write(Span<byte> destination, FrameType type, Ping ping)
    {
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt64(ping.Opaque);
        return Finish(destination, type, 0, writer.Written);
    }

    public static int Write(Span<byte> destination, GoAway goAway)
    {
        ArgumentNullException.ThrowIfNull(goAway);
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        writer.UInt32(goAway.LastStreamId);
        writer.UInt16((ushort)goAway.Reason);
        Span<byte> text = stackalloc byte[GoAway.MaxTextBytes];
        Utf8.FromUtf16(goAway.Text, text, out _, out int size); // a text that is too long ends with a whole character
        writer.Bytes(text[..size]);
        return Finish(destination, FrameType.GoAway, 0, writer.Written);
    }

    /// <summary>Writes a Datagram.</summary>
    /// <param name="destination">Where the frame goes: the datagram's bytes and <see cref="MaxDatagramOverhead"/> more.</param>
    /// <param name="streamId">The flow; 0 for a datagram that awaits no reply.</param>
    /// <param name="datagram">The datagram.</param>
    public static int Write(Span<byte> destination, uint streamId, in Datagram datagram)
    {
        PayloadWriter writer = new(destination[FrameHeader.Size..]);
        if (datagram.Octets.IsEmpty)
        {
            writer.Address(datagram.Name);
        }
        else
        {
            writer.Address(datagram.Octets, datagram.Port);
        }

        writer.Bytes(datagram.Payload);
        return Finish(destination, FrameType.Datagram, streamId, writer.Written);
    }

    private static int Finish(Span<byte> destination, FrameType type, uint streamId, int payload)
    {
        new FrameHeader(payload, type, streamId).Write(destination);
        return FrameHeader.Size + payload;
    }
}
