using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

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

    /// <summary>Payload bytes of TCP streams, all of the above.</summary>
    internal long StreamBytes => BytesFromLinks + BytesToLinks + BytesDirect;

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

    /// <summary>Streams that peers opened and reset again before there was an answer.</summary>
    public long OpensAbandoned { get; set; }

    /// <summary>Connections reset because too many had proven nothing yet, and they had waited longest.</summary>
    public long HandshakesEvicted { get; set; }

    /// <summary>Callers of the proxy port that gave a wrong user or password.</summary>
    public long LoginsFailed { get; set; }

    /// <summary>Callers of the proxy port turned away unheard: not among <c>Proxy:Clients</c>, or after too many failed logins.</summary>
    public long CallersRefused { get; set; }

    /// <summary>UDP flows that callers opened here.</summary>
    public long FlowsOpened { get; set; }

    /// <summary>UDP flows of callers that have ended.</summary>
    public long FlowsEnded { get; set; }

    /// <summary>UDP flows and reply ports refused: over a limit.</summary>
    public long FlowsRefused { get; set; }

    /// <summary>Reply ports taken at the called side.</summary>
    public long ReplyPortsOpened { get; set; }

    /// <summary>Reply ports freed.</summary>
    public long ReplyPortsClosed { get; set; }

    /// <summary>Datagrams from callers.</summary>
    public long DatagramsFromCallers { get; set; }

    /// <summary>Datagrams sent to callers.</summary>
    public long DatagramsToCallers { get; set; }

    /// <summary>Datagrams sent to targets.</summary>
    public long DatagramsToTargets { get; set; }

    /// <summary>Datagrams from targets that were taken as replies.</summary>
    public long DatagramsFromTargets { get; set; }

    /// <summary>Datagrams dropped for want of a way or of room: no link, a link or a socket that was full, a flow that had just ended.</summary>
    public long DatagramsDropped { get; set; }

    /// <summary>Datagrams dropped because they are larger than the way takes.</summary>
    public long DatagramsTooLarge { get; set; }

    /// <summary>Datagrams dropped because the access rules refuse their target.</summary>
    public long DatagramsNotAllowed { get; set; }

    /// <summary>Datagrams that came to a reply port and are no replies.</summary>
    public long DatagramsFiltered { get; set; }

    /// <summary>ICMP errors that came back for datagrams.</summary>
    public long IcmpErrors { get; set; }

    /// <summary>Counts a datagram sent to a target.</summary>
    internal DatagramSend CountSend(DatagramSend result)
    {
        DatagramsToTargets += result == DatagramSend.Sent ? 1 : 0;
        CountLoss(result);
        return result;
    }

    /// <summary>Counts a datagram sent to a caller.</summary>
    internal DatagramSend CountDelivery(DatagramSend result)
    {
        DatagramsToCallers += result == DatagramSend.Sent ? 1 : 0;
        CountLoss(result);
        return result;
    }

    /// <summary>Counts a datagram whose target may not be sent to, or is not there.</summary>
    internal void CountRefusal(ResetReason reason)
    {
        DatagramsNotAllowed += reason == ResetReason.NotAllowed ? 1 : 0;
        DatagramsDropped += reason == ResetReason.NotAllowed ? 0 : 1;
    }

    private void CountLoss(DatagramSend result)
    {
        DatagramsTooLarge += result == DatagramSend.TooLarge ? 1 : 0;
        DatagramsDropped += result is DatagramSend.Full or DatagramSend.Unreachable ? 1 : 0;
    }
}
