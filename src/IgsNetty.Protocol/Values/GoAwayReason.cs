namespace IgsNetty.Protocol.Values;

/// <summary>Why a gateway closes a link, or takes no more streams on it (docs/protocol.md §9).</summary>
public enum GoAwayReason : ushort
{
    /// <summary>The gateway stops, or no longer needs the link.</summary>
    Shutdown = 0,
    ProtocolError = 1,
    FrameSizeError = 2,
    FlowControlError = 3,
    StreamIdError = 4,
    StreamStateError = 5,
    UnknownFrameType = 6,
    UnsupportedVersion = 7,
    AuthenticationFailed = 8,

    /// <summary>The name in Hello is not the one that was dialled, is this gateway's own, or may not connect.</summary>
    NameRefused = 9,
    KeepAliveTimeout = 10,
    HandshakeTimeout = 11,

    /// <summary>Stream IDs have run out; dial another link.</summary>
    IdsExhausted = 12,

    /// <summary>The peer stopped reading, or sent more than a limit allows.</summary>
    LimitExceeded = 13,
    InternalError = 14,
}
