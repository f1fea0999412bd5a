using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;

namespace IgsNetty.TestKit.Wire;

/// <summary>Makes frames as a peer would send them, and reads what was sent to one.</summary>
public static class FrameStream
{
    /// <summary>A target for streams whose target does not matter.</summary>
    public static TargetAddress AnyTarget { get; } = TargetAddress.FromIP(System.Net.IPAddress.Parse("10.1.2.3"), 80);

    /// <summary>A frame with any header, right or wrong.</summary>
    public static byte[] Raw(FrameType type, uint streamId, params byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        byte[] frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, streamId).Write(frame);
        payload.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    public static byte[] Hello(Hello hello) => Written(frame => MessageWriter.Write(frame, hello));

    public static byte[] Authenticate(byte[] proof) => Written(frame => MessageWriter.WriteAuthenticate(frame, proof));

    public static byte[] Open(uint id, int window = 65536, StreamProtocol protocol = StreamProtocol.Tcp) =>
        Written(frame => MessageWriter.Write(frame, id, protocol == StreamProtocol.Udp ? OpenStream.Udp(ReplyFilter.Address, 1, AnyTarget, null) : OpenStream.Tcp(window, AnyTarget, null)));

    public static byte[] OpenTcp(uint id, string target, int window = 65536, string? caller = null) =>
        Written(frame => MessageWriter.Write(frame, id, OpenStream.Tcp(window, Target(target), caller is null ? null : Target(caller))));

    public static byte[] OpenUdp(uint id, string target, int timeout = 10, ReplyFilter filter = ReplyFilter.Address) =>
        Written(frame => MessageWriter.Write(frame, id, OpenStream.Udp(filter, timeout, Target(target), null)));

    /// <param name="id">The flow.</param>
    /// <param name="address"><c>host:port</c>, or null for the target of the flow.</param>
    /// <param name="payload">The datagram.</param>
    public static byte[] Datagram(uint id, string? address, params ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[MessageWriter.MaxDatagramOverhead + payload.Length];
        TargetAddress? target = address is null ? null : Target(address);
        byte[] octets = target?.Address?.GetAddressBytes() ?? [];
        Datagram datagram = new()
        {
            Octets = octets,
            Port = octets.Length > 0 ? (ushort)target!.Port : (ushort)0,
            Name = octets.Length > 0 ? null : target,
            Payload = payload,
        };
        return frame[..MessageWriter.Write(frame, id, datagram)];
    }

    public static byte[] Opened(uint id, int window = 0) =>
        Written(frame => MessageWriter.Write(frame, id, new StreamOpened(window, null)));

    public static byte[] Data(uint id, params byte[] bytes) => Raw(FrameType.Data, id, bytes);

    public static byte[] End(uint id) => Written(frame => MessageWriter.WriteEndOfStream(frame, id));

    public static byte[] Reset(uint id, ResetReason reason) =>
        Written(frame => MessageWriter.Write(frame, id, new ResetStream(reason)));

    public static byte[] Update(uint id, int increment) =>
        Written(frame => MessageWriter.Write(frame, id, new WindowUpdate(increment)));

    public static byte[] Ping(ulong opaque) => Written(frame => MessageWriter.Write(frame, FrameType.Ping, new Ping(opaque)));

    public static byte[] Pong(ulong opaque) => Written(frame => MessageWriter.Write(frame, FrameType.Pong, new Ping(opaque)));

    public static byte[] GoAway(uint last, GoAwayReason reason, string text = "") =>
        Written(frame => MessageWriter.Write(frame, new GoAway(last, reason, text)));

    public static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    /// <summary>Cuts bytes into frames.</summary>
    /// <exception cref="InvalidOperationException">They do not end with a frame.</exception>
    public static IReadOnlyList<WireFrame> Parse(ReadOnlySpan<byte> bytes)
    {
        List<WireFrame> frames = [];
        while (!bytes.IsEmpty)
        {
            FrameHeader header = bytes.Length >= FrameHeader.Size ? FrameHeader.Read(bytes) : default;
            int size = FrameHeader.Size + header.PayloadLength;
            if (bytes.Length < size)
            {
                throw new InvalidOperationException($"the stream ends in the middle of a frame, after {frames.Count} frames");
            }

            frames.Add(new WireFrame(header, bytes[FrameHeader.Size..size].ToArray()));
            bytes = bytes[size..];
        }

        return frames;
    }

    private static TargetAddress Target(string text) =>
        TargetAddress.TryParse(text, out TargetAddress target, out string error) ? target : throw new ArgumentException(error, nameof(text));

    private static byte[] Written(Func<byte[], int> write)
    {
        byte[] frame = new byte[MessageWriter.MaxControlFrame];
        return frame[..write(frame)];
    }
}
