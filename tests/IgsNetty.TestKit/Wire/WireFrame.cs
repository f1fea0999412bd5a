using System.Net;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
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

    /// <summary>Of a Datagram: <c>host:port</c>, or null for the target of the flow.</summary>
    public string? DatagramAddress
    {
        get
        {
            Datagram datagram = ReadDatagram();
            return datagram.IsToTarget ? null
                : datagram.Name is { } name ? name.ToString()
                : TargetAddress.FromIP(new IPAddress(datagram.Octets), datagram.Port).ToString();
        }
    }

    /// <summary>The bytes of a Datagram.</summary>
    public byte[] DatagramBytes => ReadDatagram().Payload.ToArray();

    /// <summary>Of an OpenStream.</summary>
    public OpenStream OpenStream =>
        MessageReader.Read(Payload, out OpenStream open) is { } breach ? throw new InvalidOperationException(breach.Detail) : open;

    private Datagram ReadDatagram() => Type != FrameType.Datagram ? throw new InvalidOperationException($"it is a {Type}")
        : MessageReader.Read(Payload, out Datagram datagram) is { } breach ? throw new InvalidOperationException(breach.Detail)
        : datagram;
}
