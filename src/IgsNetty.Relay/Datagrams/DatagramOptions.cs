using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Datagrams;

/// <summary>How the UDP flows of a forward or of the proxy port behave. Travels with each flow to the called side.</summary>
public sealed record DatagramOptions
{
    /// <summary>The longest response timeout that can be asked for, in seconds.</summary>
    public const int MaxResponseTimeoutSeconds = 3600;

    /// <summary>
    /// Seconds the called side waits for replies after the last datagram of the flow in either direction (0 to 3,600; 0: it
    /// waits for nothing and keeps nothing).
    /// </summary>
    public int ResponseTimeoutSeconds { get; init; } = 10;

    /// <summary>Whose datagrams count as replies.</summary>
    public ReplyFilter ReplyFilter { get; init; } = ReplyFilter.Address;
}
