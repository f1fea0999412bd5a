namespace IgsNetty.Relay.Streams;

/// <summary>What can happen to a stream on a link.</summary>
public enum StreamEvent
{
    /// <summary>StreamOpened was sent or has come; which of the two follows from who opened the stream.</summary>
    OpenedSent,
    OpenedReceived,
    DataSent,
    DataReceived,
    EndSent,
    EndReceived,
    ResetSent,
    ResetReceived,
}
