using System.Diagnostics.Metrics;

namespace IgsNetty.Relay.Diagnostics;

/// <summary>The meter <c>IgsNetty.Relay</c>: sums over the loops' totals, made when somebody looks. No tags.</summary>
public sealed class RelayMetrics : IDisposable
{
    private readonly Meter _meter = new("IgsNetty.Relay");

    public RelayMetrics(IReadOnlyList<RelayLoop> loops, MemoryBudget memory)
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
        _meter.CreateObservableGauge("igsnetty.relay.held_bytes", () => memory.Held, "By", "Payload held for slow readers");

        void Counter(string name, string unit, Func<LoopTotals, long> read) =>
            _meter.CreateObservableCounter(name, () => loops.Sum(loop => read(loop.Totals)), unit);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
