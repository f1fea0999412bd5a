namespace IgsNetty.Relay.Targets;

/// <summary>How a name look-up ended.</summary>
public enum NameStatus
{
    /// <summary>The name has at least one address.</summary>
    Found,

    /// <summary>The name does not exist, or has no address.</summary>
    NotFound,

    /// <summary>No name server gave a usable answer.</summary>
    Failed,

    /// <summary>Too many look-ups are waiting, or the gateway has no descriptor for another one.</summary>
    Busy,
}
