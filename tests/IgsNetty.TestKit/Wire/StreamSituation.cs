namespace IgsNetty.TestKit.Wire;

/// <summary>Where a stream may stand when a frame for it comes.</summary>
public enum StreamSituation
{
    OwnIdNeverOpened,
    TheirIdNeverOpened,

    /// <summary>This side sent OpenStream; no answer yet.</summary>
    OpenerWaits,
    OpenerWaitsAndHasEnded,
    OpenerOpen,
    OpenerHasEnded,
    OpenerHasGotEnd,
    OpenerOver,
    OpenerWasReset,
    OpenerHasReset,

    /// <summary>The peer sent OpenStream; the connect is under way.</summary>
    AcceptorConnects,
    AcceptorConnectsAfterEnd,
    AcceptorOpen,
    AcceptorHasEnded,
    AcceptorHasGotEnd,
    AcceptorOver,
    AcceptorWasReset,
    AcceptorRefused,
}
