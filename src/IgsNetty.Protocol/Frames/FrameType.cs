namespace IgsNetty.Protocol.Frames;

/// <summary>What a frame is (docs/protocol.md §3). Values of 0x80 and above that a gateway does not know are skipped.</summary>
public enum FrameType : byte
{
    Hello = 0x01,
    Authenticate = 0x02,
    OpenStream = 0x10,
    StreamOpened = 0x11,
    Data = 0x12,
    EndOfStream = 0x13,
    ResetStream = 0x14,
    WindowUpdate = 0x15,
    Datagram = 0x16,
    Ping = 0x20,
    Pong = 0x21,
    GoAway = 0x22,
}
