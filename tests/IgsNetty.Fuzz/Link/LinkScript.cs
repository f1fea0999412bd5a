using System.Buffers.Binary;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Fuzz.Link;

/// <summary>Reads an input as reads of frames with events between them, and writes such inputs.</summary>
internal static class LinkScript
{
    /// <summary>A type that is optional on the wire and unknown there.</summary>
    public const FrameType EventType = (FrameType)0xFE;

    /// <summary>
    /// Brings streams into the states there are. Own IDs count 0, 1, 2… in the order of the calls, those of the peer likewise.
    /// Own: 0 waits, 1 is open, 2 has ended, 3 has got the end, 4 was reset, 5 is a UDP flow. Of the peer: 0 connects, 1 is open,
    /// 2 has got the end, 3 was refused, 4 was reset, 5 is a UDP flow.
    /// </summary>
    public static byte[] EveryState(bool dialled, bool hasDatagrams)
    {
        uint own = StreamId.First(dialled);
        uint theirs = StreamId.First(!dialled);
        List<byte[]> parts =
        [
            Event(LinkEvent.Call), Event(LinkEvent.Call), Event(LinkEvent.Call), Event(LinkEvent.Call), Event(LinkEvent.Call),
            FrameStream.Opened(own + 2), FrameStream.Opened(own + 4), FrameStream.Opened(own + 6, 1000), FrameStream.End(own + 6),
            FrameStream.Reset(own + 8, ResetReason.ConnectionRefused), Event(LinkEvent.ApplicationEnds, 2),
            FrameStream.Open(theirs + 2), FrameStream.Open(theirs + 4), FrameStream.Open(theirs + 6), FrameStream.Open(theirs + 8),
            Event(LinkEvent.TargetConnects), Event(LinkEvent.TargetConnects), Event(LinkEvent.TargetFails, 2),
            FrameStream.End(theirs + 4), FrameStream.Reset(theirs + 8, ResetReason.Cancelled), Event(LinkEvent.ApplicationSends, 5, 0, 100),
        ];
        if (hasDatagrams)
        {
            parts.AddRange([Event(LinkEvent.CallerDatagram, 0, 0, 4), FrameStream.OpenUdp(theirs + 10, "10.1.2.3:53", 5), FrameStream.Datagram(theirs + 10, null, 1, 2)]);
        }

        return FrameStream.Join(parts);
    }

    public static byte[] Event(LinkEvent what, params byte[] details) => FrameStream.Raw(EventType, 0, [(byte)what, .. details]);

    /// <summary>Takes the next frame from the front of the bytes.</summary>
    /// <returns>False when they do not begin with a whole one.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        header = rest.Length >= FrameHeader.Size ? FrameHeader.Read(rest) : default;
        int size = FrameHeader.Size + header.PayloadLength;
        if (rest.Length < size)
        {
            return false;
        }

        frame = rest[..size];
        rest = rest[size..];
        return true;
    }

    /// <summary>The n-th byte of an event's details, or zero.</summary>
    public static int Detail(this ReadOnlySpan<byte> payload, int n) => n + 1 < payload.Length ? payload[n + 1] : 0;

    /// <summary>The stream ID of <see cref="LinkEvent.LongData"/>.</summary>
    public static uint DetailId(this ReadOnlySpan<byte> payload) => payload.Length >= 5 ? BinaryPrimitives.ReadUInt32BigEndian(payload[1..]) : 0;
}
