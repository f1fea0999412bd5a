namespace IgsNetty.Fuzz.Link;

/// <summary>
/// What happens around a link, between frames. In an input it stands as a frame of the type <see cref="LinkScript.EventType"/>,
/// whose payload is this byte and up to seven for its details; so an input is frames and nothing else, and every vector of
/// docs/protocol.md is one.
/// </summary>
internal enum LinkEvent : byte
{
    /// <summary>Only that what came before is one read.</summary>
    Pause,

    /// <summary>A target that is waited for is connected.</summary>
    TargetConnects,

    /// <summary>A target that is waited for cannot be connected.</summary>
    TargetFails,

    /// <summary>An application sends bytes.</summary>
    ApplicationSends,

    /// <summary>An application ends its direction.</summary>
    ApplicationEnds,

    /// <summary>An application resets its connection.</summary>
    ApplicationResets,

    /// <summary>An application reads.</summary>
    ApplicationReads,

    /// <summary>A call comes to this gateway.</summary>
    Call,

    /// <summary>A datagram of a caller comes to this gateway.</summary>
    CallerDatagram,

    /// <summary>A datagram comes to a reply port.</summary>
    Reply,

    /// <summary>A name is known.</summary>
    NameFound,

    /// <summary>The peer reads.</summary>
    PeerReads,

    /// <summary>Time passes.</summary>
    Time,

    /// <summary>A long Data frame comes, full of zeros.</summary>
    LongData,

    /// <summary>The gateway takes no more streams.</summary>
    Retire,

    /// <summary>The peer ends the connection.</summary>
    PeerEnds,
}
