using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Targets.TargetFigures;

namespace IgsNetty.Perf.Report.Targets;

/// <summary>What the gateways are to reach, in the order of their IDs. Ratios, because machines are shared and differ.</summary>
internal static class DesignTargets
{
    public static IReadOnlyList<DesignTarget> All { get; } =
    [
        AtLeast("P1", "bulk, 1 stream: throughput × bare", 1.0, Ratios("bulk", ", 1 stream", "gbitPerSecond", IsBare)),
        AtLeast("P1", "bulk, 1 stream: throughput × every peer", 1.0, Ratios("bulk", ", 1 stream", "gbitPerSecond", IsPeer)),
        AtLeast("P2", "bulk, 16 streams: throughput × bare", 1.0, Ratios("bulk", ", 16 streams", "gbitPerSecond", IsBare)),
        AtMost("P3", "bulk: CPU seconds per GB × bare", 1.1, Ratios("bulk", "", "gatewayCpuSecondsPerGB", IsBare)),
        AtLeast("P4", "ping-pong, 64 streams: round trips × bare", 1.8, Ratios("ping-pong", "64 streams", "roundTripsPerSecond", IsBare)),
        AtMost("P5", "ping-pong, 1 stream: median round trip × bare", 1.15, Ratios("ping-pong", "1 stream", "p50Microseconds", IsBare)),
        AtLeast("P6", "connections per second × bare", 1.4, Ratios("connect", "", "connectionsPerSecond", IsBare)),
        AtLeast("P6", "connections per second × every peer", 1.0, Ratios("connect", "", "connectionsPerSecond", IsPeer)),
        AtLeast("P7", "UDP, 64 flows: datagrams × nginx", 1.5, Ratios("udp", "64 flows", "roundTripsPerSecond", c => c.Name == "nginx")),
        AtMost("P7", "UDP, 64 flows: datagrams lost", 0, Figures("udp", "64 flows", "lostDatagrams")),
        AtMost("P8", "20,000 idle streams: B per stream and gateway", 4096, Figures("idle", "", "gatewayMemoryBytesPerStream")),
        AtMost("P9", "ping-pong beside 4 bulk streams: p99 in µs", 4000, Figures("mixed", "", "p99Microseconds")),
        AtMost("P9", "the same × every multiplexing peer", 1.0, Ratios("mixed", "", "p99Microseconds", IsMultiplexingPeer)),
        AtMost("P10", "1 of 100 readers stopped: loss of the others in %", 2, Figures("stopped-readers", "", "othersLossPercent")),
        AtLeast("P11", "60 ms, 1 Gbit/s, 1 stream: throughput × plain TCP", 0.9, Ratios("far", "", "mbitPerSecond", IsDirect)),
        AtLeast("P12", "TLS links, bulk: throughput × haproxy with TLS", 1.0, Ratios("bulk", "", "gbitPerSecond", c => c.Name == HaproxyPeer.TlsName)),
        AtMost("P13", "start to ready in s", 0.5, SecondsToStart),

        // A round trip is two messages.
        AtMost("P14", "B allocated for two relayed messages of 64 B", 2 * 32, Figures("ping-pong", "64 streams", "gatewayAllocatedBytesPerRoundTrip")),
    ];

    private static bool IsDirect(ContenderFacts contender) => contender.Name == Contender.DirectName;

    private static bool IsBare(ContenderFacts contender) => contender.Name == Contender.BareName;

    private static bool IsPeer(ContenderFacts contender) => contender.Kind == ContenderKind.Peer && contender.Name != HaproxyPeer.TlsName;

    /// <summary>Many streams share a connection.</summary>
    private static bool IsMultiplexingPeer(ContenderFacts contender) => contender.Name is "ssh" or "v2ray";

    private static DesignTarget AtLeast(
        string id, string what, double limit, Func<RunReport, string, IEnumerable<TargetFigure>> find) => new(id, what, true, limit, find);

    private static DesignTarget AtMost(
        string id, string what, double limit, Func<RunReport, string, IEnumerable<TargetFigure>> find) => new(id, what, false, limit, find);
}
