using System.Text;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Codec;

/// <summary>
/// Payload → message (docs/protocol.md §5 to §9). Pure: spans in, values out; every method returns null, or why the
/// link must close. The header has been checked by <see cref="FrameRules"/> first.
/// </summary>
public static class MessageReader
{
    internal const uint Magic = 0x4947_534E; // "IGSN"

    public static Breach? Read(ReadOnlySpan<byte> payload, out Hello hello)
    {
        hello = null!;
        PayloadReader reader = new(payload);
        uint magic = reader.UInt32();
        byte minVersion = reader.Byte();
        byte maxVersion = reader.Byte();
        byte authentication = reader.Byte();
        byte reserved = reader.Byte();
        uint capabilities = reader.UInt32();
        int maxPayload = reader.Count31();
        int maxStreams = (int)Math.Min(reader.UInt32(), int.MaxValue); // §5 gives it all 32 bits; no more than 2^30 IDs exist
        int initialWindow = reader.Count31();
        byte[] nonce = reader.Bytes(Hello.NonceBytes).ToArray();
        ReadOnlySpan<byte> name = reader.Bytes(reader.Byte());
        if (magic != Magic)
        {
            return new Breach(GoAwayReason.ProtocolError, "the other end does not speak this protocol");
        }

        while (!reader.Failed && reader.Remaining > 0)
        {
            // Extensions: none is defined in version 1; their form is checked so that a later one can be skipped.
            _ = reader.Byte();
            _ = reader.Bytes(reader.UInt16());
        }

        string text = Encoding.ASCII.GetString(name);
        string? wrong = reader.Failed ? "it is cut short"
            : reserved != 0 ? "a reserved byte is not zero"
            : minVersion == 0 || minVersion > maxVersion ? "its version range is empty"
            : maxPayload is < FrameLimits.MinAnnouncedPayload or > FrameLimits.MaxPayload ? "its largest payload is out of range"
            : initialWindow < FrameLimits.MinInitialWindow ? "its initial window is too small"
            : !Hello.IsName(text) ? "its gateway name is not valid"
            : null;
        if (wrong is not null)
        {
            return new Breach(GoAwayReason.ProtocolError, $"bad Hello: {wrong}");
        }

        hello = new Hello
        {
            MinVersion = minVersion,
            MaxVersion = maxVersion,
            Authentication = (LinkAuthentication)authentication,
            Capabilities = (Capabilities)capabilities,
            MaxFramePayload = maxPayload,
            MaxStreams = maxStreams,
            InitialWindow = initialWindow,
            Nonce = nonce,
            Name = text,
        };
        return null;
    }

    public static Breach? Read(ReadOnlySpan<byte> payload, out OpenStream open)
    {
        open = null!;
        PayloadReader reader = new(payload);
        byte protocol = reader.Byte();
        byte filter = reader.Byte();
        ushort timeout = reader.UInt16();
        uint window = reader.UInt32();
        TargetAddress? target = reader.Address();
        TargetAddress? caller = reader.Address();
        string? wrong = !reader.IsAtEnd ? "it is cut short, too long, or holds a bad address"
            : protocol is not ((byte)StreamProtocol.Tcp or (byte)StreamProtocol.Udp) ? $"protocol {protocol} is unknown"
            : protocol == (byte)StreamProtocol.Tcp && (filter != 0 || timeout != 0) ? "TCP with a reply filter or a UDP response timeout"
            : filter > (byte)ReplyFilter.Any ? $"reply filter {filter} is unknown"
            : protocol == (byte)StreamProtocol.Udp && timeout == 0 ? "UDP with no response timeout"
            : protocol == (byte)StreamProtocol.Udp && window != 0 ? "UDP with a window"
            : target is null || target.Port == 0 ? "it has no target"
            : null;
        if (wrong is not null)
        {
            return new Breach(GoAwayReason.ProtocolError, $"bad OpenStream: {wrong}");
        }

        if (window > FrameLimits.MaxWindow)
        {
            return new Breach(GoAwayReason.FlowControlError, "OpenStream with a window over 2^31 - 1");
        }

        open = new OpenStream((StreamProtocol)protocol, (ReplyFilter)filter, timeout, (int)window, target!, caller);
        return null;
    }

    public static Breach? Read(ReadOnlySpan<byte> payload, out StreamOpened opened)
    {
        PayloadReader reader = new(payload);
        uint window = reader.UInt32();
        opened = new StreamOpened((int)(window & FrameLimits.MaxWindow), reader.Address());
        return !reader.IsAtEnd ? new Breach(GoAwayReason.ProtocolError, "bad StreamOpened")
            : window > FrameLimits.MaxWindow ? new Breach(GoAwayReason.FlowControlError, "StreamOpened with a window over 2^31 - 1")
            : null;
    }

    public static Breach? Read(ReadOnlySpan<byte> payload, out ResetStream reset)
    {
        PayloadReader reader = new(payload);
        reset = new ResetStream((ResetReason)reader.UInt16());
        return reader.IsAtEnd ? null : new Breach(GoAwayReason.FrameSizeError, "bad ResetStream");
    }

    public static Breach? Read(ReadOnlySpan<byte> payload, out WindowUpdate update)
    {
        PayloadReader reader = new(payload);
        update = new WindowUpdate(reader.Count31());
        return reader.IsAtEnd && update.Increment > 0
            ? null
            : new Breach(GoAwayReason.FlowControlError, "a WindowUpdate must add 1 to 2^31 - 1 bytes");
    }

    /// <summary>Reads a Ping or a Pong.</summary>
    public static Breach? Read(ReadOnlySpan<byte> payload, out Ping ping)
    {
        PayloadReader reader = new(payload);
        ping = new Ping(reader.UInt64());
        return reader.IsAtEnd ? null : new Breach(GoAwayReason.FrameSizeError, "a Ping or Pong has eight bytes");
    }

    public static Breach? Read(ReadOnlySpan<byte> payload, out GoAway goAway)
    {
        goAway = null!;
        PayloadReader reader = new(payload);
        uint last = reader.UInt32();
        ushort reason = reader.UInt16();
        ReadOnlySpan<byte> text = reader.Bytes(reader.Remaining);
        if (reader.Failed || last > StreamId.MaxValue || text.Length > GoAway.MaxTextBytes)
        {
            return new Breach(GoAwayReason.ProtocolError, "bad GoAway");
        }

        // The text goes into a log: nothing in it may start a new line or move a terminal's cursor.
        string clean = string.Concat(Encoding.UTF8.GetString(text).Select(c => char.IsControl(c) ? ' ' : c));
        goAway = new GoAway(last, (GoAwayReason)reason, clean);
        return null;
    }

    /// <summary>Reads a Datagram. Its spans are parts of the payload.</summary>
    public static Breach? Read(ReadOnlySpan<byte> payload, out Datagram datagram)
    {
        PayloadReader reader = new(payload);
        byte kind = payload.IsEmpty ? (byte)0 : payload[0];
        if (kind is PayloadReader.IPv4 or PayloadReader.IPv6)
        {
            _ = reader.Byte();
            ushort port = reader.UInt16();
            ReadOnlySpan<byte> octets = reader.Bytes(kind == PayloadReader.IPv4 ? 4 : 16);
            datagram = new Datagram { Octets = octets, Port = port, Payload = reader.Bytes(reader.Remaining) };
            return Check(reader.Failed || port == 0, datagram.Payload);
        }

        TargetAddress? name = reader.Address();
        datagram = new Datagram { Name = name, Payload = reader.Bytes(reader.Remaining) };
        return Check(reader.Failed || name is { Port: 0 }, datagram.Payload);

        static Breach? Check(bool badAddress, ReadOnlySpan<byte> bytes) =>
            badAddress ? new Breach(GoAwayReason.ProtocolError, "bad Datagram: a bad address")
            : bytes.Length > FrameLimits.MaxDatagram ? new Breach(GoAwayReason.FrameSizeError, $"a Datagram of {bytes.Length} bytes")
            : null;
    }
}
