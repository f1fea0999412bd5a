namespace IgsNetty.Relay.Streams;

/// <summary>One direction of a stream.</summary>
public enum HalfState
{
    /// <summary>Waits for StreamOpened.</summary>
    Pending,
    Open,
    Ended,
}
