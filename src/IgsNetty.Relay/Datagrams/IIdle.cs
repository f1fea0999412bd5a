namespace IgsNetty.Relay.Datagrams;

/// <summary>Something that <see cref="IdleSweep"/> ends when it has not been used for its time.</summary>
internal interface IIdle
{
    /// <summary>When it was last used, in milliseconds of <see cref="RelayLoop.Clock"/>.</summary>
    long LastUsed { get; }

    /// <summary>How long it may be unused, in milliseconds. Does not change.</summary>
    long IdleLimit { get; }

    /// <summary>It has ended: nobody need look at it any more.</summary>
    bool IsOver { get; }

    /// <summary>It has not been used for its time.</summary>
    void OnIdle();
}
