namespace IgsNetty.Protocol.Values;

/// <summary>Why a stream ended before both sides had finished (docs/protocol.md §8).</summary>
public enum ResetReason : ushort
{
    /// <summary>The application, or its caller, gave up.</summary>
    Cancelled = 0,

    /// <summary>The application's TCP connection was reset (RST).</summary>
    ConnectionReset = 1,
    ConnectionRefused = 2,
    ConnectTimeout = 3,
    NetworkUnreachable = 4,
    HostUnreachable = 5,
    NameNotFound = 6,

    /// <summary>No rule of the called side's Allow lets this caller open this target.</summary>
    NotAllowed = 7,

    /// <summary>No route, or no healthy link to the peer that the route names.</summary>
    NoRoute = 8,

    /// <summary>Too many streams, or too many opened in a second.</summary>
    LimitExceeded = 9,

    /// <summary>The gateway's memory for slow readers is used up.</summary>
    OutOfMemory = 10,

    /// <summary>The link was lost. Never on the wire: it tells the local side.</summary>
    LinkLost = 11,

    /// <summary>The gateway does not do this (UDP without the capability, say).</summary>
    Unsupported = 12,

    /// <summary>Half-closed and silent for longer than the linger limit.</summary>
    LingerExpired = 13,

    /// <summary>The gateway stops.</summary>
    Shutdown = 14,
    InternalError = 15,
}
