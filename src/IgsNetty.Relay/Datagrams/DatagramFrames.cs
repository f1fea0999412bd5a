using DotNetty.Buffers;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Relay.Datagrams;

/// <summary>Datagram frames as bytes.</summary>
internal static class DatagramFrames
{
    /// <summary>The room that a frame for this payload may need.</summary>
    public static int MaxSize(int payload) => MessageWriter.MaxDatagramOverhead + payload;

    /// <summary>The bytes that stand behind the frame's header.</summary>
    public static int PayloadSize(in FlowAddress address, int payload) => payload + (
        address.Name is { } name ? 4 + name.Host!.Length
        : !address.Ip.IsTold ? 1
        : address.Ip.IsIPv4 ? 1 + 2 + 4
        : 1 + 2 + 16);

    /// <returns>The bytes of the frame.</returns>
    public static int Write(Span<byte> destination, uint streamId, in FlowAddress address, ReadOnlySpan<byte> payload)
    {
        if (!address.Ip.IsTold)
        {
            return MessageWriter.Write(destination, streamId, new Datagram { Name = address.Name, Payload = payload });
        }

        Span<byte> octets = stackalloc byte[16];
        int count = address.Ip.WriteOctets(octets);
        return MessageWriter.Write(
            destination, streamId, new Datagram { Octets = octets[..count], Port = address.Ip.Port, Payload = payload });
    }

    /// <summary>A frame in a buffer of its own, which is the caller's.</summary>
    public static IByteBuffer Allocate(IByteBufferAllocator allocator, uint streamId, in FlowAddress address, ReadOnlySpan<byte> payload)
    {
        int most = MaxSize(payload.Length);
        IByteBuffer frame = allocator.Buffer(most, most);
        return frame.SetWriterIndex(Write(frame.WritableSpan(), streamId, address, payload));
    }

    /// <summary>Gives a frame that was made before its stream was opened its stream ID.</summary>
    public static void SetStreamId(IByteBuffer frame, uint streamId) =>
        new FrameHeader(frame.ReadableBytes - FrameHeader.Size, FrameType.Datagram, streamId).Write(frame.Span());
}
