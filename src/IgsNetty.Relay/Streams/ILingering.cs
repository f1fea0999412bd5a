namespace IgsNetty.Relay.Streams;

/// <summary>Something half-closed that <see cref="LingerWatch"/> looks after.</summary>
internal interface ILingering
{
    /// <summary>When the open direction last moved, in <see cref="Environment.TickCount64"/> milliseconds.</summary>
    long LastActivity { get; }

    /// <summary>Silent for too long: end it.</summary>
    void OnLingerExpired();
}
