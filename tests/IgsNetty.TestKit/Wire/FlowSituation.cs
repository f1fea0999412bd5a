namespace IgsNetty.TestKit.Wire;

/// <summary>Where a UDP stream may stand when a frame for it comes.</summary>
public enum FlowSituation
{
    OwnIdNeverOpened,
    TheirIdNeverOpened,
    OpenedHere,
    OpenedHereEndedHere,
    OpenedHereEndedThere,
    OpenedHereResetHere,
    OpenedHereResetThere,
    OpenedThere,
    OpenedThereAndUsed,
    OpenedThereEndedHere,
    OpenedThereEndedThere,
    OpenedThereResetHere,
    OpenedThereResetThere,
}
