using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// A station on a flow's way. Caller, link and target side are joined in pairs, each the sink of the other:
/// <see cref="DatagramFlow"/> ↔ <see cref="DatagramStream"/> (a link between) <see cref="DatagramStream"/> ↔
/// <see cref="ReplyPort"/>, or with no link <see cref="DatagramFlow"/> ↔ <see cref="ReplyPort"/>. A sink sends on at once
/// or drops and counts; it never waits and never throws.
/// </summary>
internal interface IDatagramSink
{
    /// <summary>One datagram, in the direction of this sink.</summary>
    /// <param name="address">Towards the target: where it goes. Towards the caller: where it came from.</param>
    /// <param name="payload">Its bytes; valid during the call.</param>
    /// <param name="totals">Of the loop that this call runs on.</param>
    void Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals);

    /// <summary>The flow is over. What this sink holds is freed, and whoever is beyond it is told.</summary>
    /// <param name="from">Who says so: the sink's partner.</param>
    /// <param name="reason">What went wrong; null when it just ended.</param>
    void End(IDatagramSink? from, ResetReason? reason);
}
