namespace IgsNetty.Relay.Diagnostics;

/// <summary>Counters of one event loop: plain longs with one writer, the loop; anybody may read them.</summary>
public sealed class LoopTotals
{
    /// <summary>Payload bytes taken from links.</summary>
    public long BytesFromLinks { get; set; }

    /// <summary>Payload bytes put on links.</summary>
    public long BytesToLinks { get; set; }

    /// <summary>Payload bytes relayed with no link (single server mode), both directions.</summary>
    public long BytesDirect { get; set; }

    /// <summary>Streams opened on links, by either side, and direct calls.</summary>
    public long StreamsOpened { get; set; }

    /// <summary>Streams and direct calls that have ended, whatever the way.</summary>
    public long StreamsEnded { get; set; }

    /// <summary>Streams that were reset, by either side or by the loss of their link.</summary>
    public long StreamsReset { get; set; }

    /// <summary>Opens refused: not allowed, no route, over a limit, or the target could not be reached.</summary>
    public long OpensRefused { get; set; }

    /// <summary>Links closed because the peer broke the protocol.</summary>
    public long Breaches { get; set; }

    /// <summary>Links cut by the keep-alive check.</summary>
    public long LinksTimedOut { get; set; }
}
