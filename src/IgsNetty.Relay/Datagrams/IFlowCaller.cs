using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>How the caller of a UDP flow is reached. Implemented by Endpoints.</summary>
public interface IFlowCaller
{
    /// <summary>Sends a reply to the caller. On any thread; must not block.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="payload">Its bytes; valid during the call.</param>
    DatagramSend Deliver(in FlowAddress source, ReadOnlySpan<byte> payload);

    /// <summary>The flow has ended: what was opened for it alone is closed. On the flow's loop.</summary>
    void OnFlowEnded();
}
