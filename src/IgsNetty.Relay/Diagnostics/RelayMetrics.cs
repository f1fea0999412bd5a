using System.Diagnostics.Metrics;
using IgsNetty.Relay.Security;

namespace IgsNetty.Relay.Diagnostics;

/// <summary>The meter <c>IgsNetty.Relay</c>: sums over the loops' totals, made when somebody looks. No tags.</summary>
public sealed class RelayMetrics : IDisposable
{
    private readonly Meter _meter = new("IgsNetty.Relay");

    /// <param name="loops">Whose totals are summed.</param>
    /// <param name="memory">What is held for slow readers.</param>
    /// <param name="tls">Whose certificate ends; null: nobody's.</param>
    public RelayMetrics(IReadOnlyList<RelayLoop> loops, MemoryBudget memory, LinkTls? tls = null)
    {
        Counter("igsnetty.relay.bytes_from_links", "By", t => t.BytesFromLinks);
        Counter("igsnetty.relay.bytes_to_links", "By", t => t.BytesToLinks);
        Counter("igsnetty.relay.bytes_direct", "By", t => t.BytesDirect);
        Counter("igsnetty.relay.streams_opened", "{stream}", t => t.StreamsOpened);
        Counter("igsnetty.relay.streams_ended", "{stream}", t => t.StreamsEnded);
        Counter("igsnetty.relay.streams_reset", "{stream}", t => t.StreamsReset);
        Counter("igsnetty.relay.opens_refused", "{open}", t => t.OpensRefused);
        Counter("igsnetty.relay.protocol_breaches", "{link}", t => t.Breaches);
        Counter("igsnetty.relay.links_timed_out", "{link}", t => t.LinksTimedOut);
        Counter("igsnetty.relay.opens_abandoned", "{open}", t => t.OpensAbandoned);
        Counter("igsnetty.relay.handshakes_evicted", "{connection}", t => t.HandshakesEvicted);
        Counter("igsnetty.relay.proxy.logins_failed", "{login}", t => t.LoginsFailed);
        Counter("igsnetty.relay.proxy.callers_refused", "{caller}", t => t.CallersRefused);
        Counter("igsnetty.relay.udp.flows_opened", "{flow}", t => t.FlowsOpened);
        Counter("igsnetty.relay.udp.flows_ended", "{flow}", t => t.FlowsEnded);
        Counter("igsnetty.relay.udp.flows_refused", "{flow}", t => t.FlowsRefused);
        Counter("igsnetty.relay.udp.reply_ports_opened", "{port}", t => t.ReplyPortsOpened);
        Counter("igsnetty.relay.udp.reply_ports_closed", "{port}", t => t.ReplyPortsClosed);
        Counter("igsnetty.relay.udp.from_callers", "{datagram}", t => t.DatagramsFromCallers);
        Counter("igsnetty.relay.udp.to_callers", "{datagram}", t => t.DatagramsToCallers);
        Counter("igsnetty.relay.udp.to_targets", "{datagram}", t => t.DatagramsToTargets);
        Counter("igsnetty.relay.udp.from_targets", "{datagram}", t => t.DatagramsFromTargets);
        Counter("igsnetty.relay.udp.dropped", "{datagram}", t => t.DatagramsDropped);
        Counter("igsnetty.relay.udp.too_large", "{datagram}", t => t.DatagramsTooLarge);
        Counter("igsnetty.relay.udp.not_allowed", "{datagram}", t => t.DatagramsNotAllowed);
        Counter("igsnetty.relay.udp.filtered", "{datagram}", t => t.DatagramsFiltered);
        Counter("igsnetty.relay.udp.icmp_errors", "{error}", t => t.IcmpErrors);
        _meter.CreateObservableGauge("igsnetty.relay.held_bytes", () => memory.Held, "By", "Payload held for slow readers");
        if (tls is not null)
        {
            _meter.CreateObservableGauge(
                "igsnetty.relay.certificate_remaining",
                () => (long)(tls.Current.Certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow).TotalSeconds,
                "s",
                "Until this gateway's certificate expires; negative: it has");
        }

        void Counter(string name, string unit, Func<LoopTotals, long> read) =>
            _meter.CreateObservableCounter(name, () => loops.Sum(loop => read(loop.Totals)), unit);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
