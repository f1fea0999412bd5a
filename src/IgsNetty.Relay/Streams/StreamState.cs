namespace IgsNetty.Relay.Streams;

/// <summary>
/// A stream's state on a link: the half it sends on and the half it receives on (docs/protocol.md §6). The opener may
/// send at once; what the acceptor sends comes after its StreamOpened.
/// </summary>
public readonly record struct StreamState(HalfState Sending, HalfState Receiving)
{
    /// <summary>Of the side that sent OpenStream.</summary>
    public static StreamState Opener { get; } = new(HalfState.Open, HalfState.Pending);

    /// <summary>Of the side that got it.</summary>
    public static StreamState Acceptor { get; } = new(HalfState.Pending, HalfState.Open);

    /// <summary>Both directions have ended, or it was reset.</summary>
    public bool IsClosed => this is { Sending: HalfState.Ended, Receiving: HalfState.Ended };

    private static StreamState Closed { get; } = new(HalfState.Ended, HalfState.Ended);

    /// <summary>The state after the event. A closed stream stays closed: late frames for it are harmless.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="next">The state after it; unchanged when it is not allowed.</param>
    /// <returns>False when the event may not happen in this state: a breach by the peer if it came from there.</returns>
    public bool TryApply(StreamEvent e, out StreamState next)
    {
        StreamState? result = (this, e) switch
        {
            ({ IsClosed: true }, _) => this,
            (_, StreamEvent.ResetSent or StreamEvent.ResetReceived) => Closed,
            ({ Sending: HalfState.Pending }, StreamEvent.OpenedSent) => this with { Sending = HalfState.Open },
            ({ Receiving: HalfState.Pending }, StreamEvent.OpenedReceived) => this with { Receiving = HalfState.Open },
            ({ Sending: HalfState.Open }, StreamEvent.DataSent) => this,
            ({ Receiving: HalfState.Open }, StreamEvent.DataReceived) => this,
            ({ Sending: HalfState.Open }, StreamEvent.EndSent) => this with { Sending = HalfState.Ended },
            ({ Receiving: HalfState.Open }, StreamEvent.EndReceived) => this with { Receiving = HalfState.Ended },
            _ => null,
        };
        next = result ?? this;
        return result is not null;
    }
}
