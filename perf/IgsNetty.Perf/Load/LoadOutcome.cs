using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>What one load run gave in its measured time.</summary>
/// <param name="Seconds">The measured time as it was, not as it was asked for.</param>
/// <param name="Count">What came through in it (bytes, round trips).</param>
/// <param name="CountBeside">What came through beside it, of another kind.</param>
/// <param name="GatewayCpuSeconds">User and system time of all gateways; null where there are none of ours.</param>
/// <param name="GatewayMemory">Resident bytes of each gateway at the end of the measured time; empty where there are none of ours.</param>
/// <param name="LoadCpuSeconds">User and system time of the load generator and its targets.</param>
internal sealed record LoadOutcome(
    double Seconds, long Count, long CountBeside, double? GatewayCpuSeconds, IReadOnlyList<long> GatewayMemory, double LoadCpuSeconds)
{
    /// <summary>Of all relays in the measured time; null where there are none of ours, or some of their processes have ended.</summary>
    public long? ContextSwitches { get; init; }

    /// <summary>By all gateways in the measured time; null where it is not measured.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>Open descriptors of each relay at the end of the measured time.</summary>
    public IReadOnlyList<int> Descriptors { get; init; } = [];

    /// <summary>Of each round trip that counts, in nanoseconds; null where none is measured.</summary>
    public LongHistogram? Latency { get; init; }
}
