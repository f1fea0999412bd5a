using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Frames;

/// <summary>
/// What a header may say, checked before a byte of the payload is kept (docs/protocol.md §3, the table). Pure.
/// </summary>
public static class FrameRules
{
    private const int AddressMax = 1 + 2 + 1 + TargetAddress.MaxHostBytes;

    /// <summary>Checks a header of the data phase.</summary>
    /// <param name="header">The header as read.</param>
    /// <param name="maxPayload">The largest payload this gateway announced.</param>
    /// <param name="skip">True: the type is unknown and optional; its payload is to be thrown away.</param>
    /// <returns>Null when the frame may come; else why the link must close.</returns>
    public static Breach? Check(in FrameHeader header, int maxPayload, out bool skip) => Check(header, maxPayload, isHandshake: false, out skip);

    /// <summary>Checks a header of the handshake.</summary>
    /// <param name="header">The header as read.</param>
    /// <returns>Null when the frame may come, be it to be skipped; else why the link must close.</returns>
    public static Breach? CheckHandshake(in FrameHeader header) => Check(header, FrameLimits.MaxHandshakePayload, isHandshake: true, out _);

    private static Breach? Check(in FrameHeader header, int maxPayload, bool isHandshake, out bool skip)
    {
        skip = false;
        if (header.StreamId > StreamId.MaxValue)
        {
            return new Breach(GoAwayReason.ProtocolError, "the reserved bit of a stream ID is set");
        }

        if (header.PayloadLength > maxPayload)
        {
            return new Breach(GoAwayReason.FrameSizeError, isHandshake
                ? $"a frame of {header.PayloadLength} bytes in the handshake: what answers is not a gateway, has another Links:Security:Mode, or sends an oversize frame"
                : $"a frame of {header.PayloadLength} bytes is over the announced {maxPayload}");
        }

        (Scope scope, int least, int most) = header.Type switch
        {
            FrameType.Data => (Scope.Stream, 1, FrameLimits.MaxPayload),
            FrameType.WindowUpdate => (Scope.Stream, 4, 4),
            FrameType.OpenStream => (Scope.Stream, 8 + 2, 8 + (2 * AddressMax)),
            FrameType.StreamOpened => (Scope.Stream, 4 + 1, 4 + AddressMax),
            FrameType.EndOfStream => (Scope.Stream, 0, 0),
            FrameType.ResetStream => (Scope.Stream, 2, 2),
            FrameType.Datagram => (Scope.StreamOrLink, 1, AddressMax + FrameLimits.MaxDatagram),
            FrameType.Ping or FrameType.Pong => (Scope.Link, 8, 8),
            FrameType.GoAway => (Scope.Link, 6, 6 + Messages.GoAway.MaxTextBytes),
            FrameType.Hello => (Scope.Link, Messages.Hello.MinBytes, FrameLimits.MaxHandshakePayload),
            FrameType.Authenticate => (Scope.Link, Codec.LinkProof.Size, Codec.LinkProof.Size),
            >= (FrameType)0x80 => (Scope.Optional, 0, FrameLimits.MaxPayload),
            _ => (Scope.Unknown, 0, 0),
        };

        switch (scope)
        {
            case Scope.Optional:
                skip = true;
                return null;
            case Scope.Unknown:
                return new Breach(GoAwayReason.UnknownFrameType, $"frame type 0x{(byte)header.Type:x2} is unknown and not optional");
            case var _ when !Belongs(header.Type, isHandshake):
                return new Breach(GoAwayReason.ProtocolError, $"{header.Type} {(isHandshake ? "during" : "after")} the handshake");
            case Scope.Stream when header.StreamId == 0:
                return new Breach(GoAwayReason.StreamIdError, $"{header.Type} on stream 0");
            case Scope.Link when header.StreamId != 0:
                return new Breach(GoAwayReason.StreamIdError, $"{header.Type} on stream {header.StreamId}, not on the link");
            default:
                return header.PayloadLength < least || header.PayloadLength > most
                    ? new Breach(GoAwayReason.FrameSizeError, $"{header.Type} with {header.PayloadLength} bytes")
                    : null;
        }
    }

    private static bool Belongs(FrameType type, bool isHandshake) =>
        type == FrameType.GoAway || (type is FrameType.Hello or FrameType.Authenticate) == isHandshake;

    private enum Scope
    {
        Stream,
        Link,
        StreamOrLink,
        Optional,
        Unknown,
    }
}
