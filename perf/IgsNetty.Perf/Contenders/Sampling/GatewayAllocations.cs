using System.Diagnostics;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>What a pair of gateways allocates in a load run, beyond what it allocates with nothing to do.</summary>
internal sealed class GatewayAllocations : IDisposable
{
    /// <summary>Before the load begins.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3.5);

    private readonly List<AllocationProbe> _probes = [];
    private readonly double? _idleRate;

    /// <summary>Waits for <see cref="IdleTime"/>.</summary>
    /// <exception cref="PerfException">A gateway does not tell.</exception>
    public GatewayAllocations(IReadOnlyList<RelayProcess> gateways, CancellationToken cancel)
    {
        try
        {
            foreach (RelayProcess gateway in gateways)
            {
                _probes.Add(new AllocationProbe(gateway.Id));
            }

            long start = Stopwatch.GetTimestamp();
            cancel.WaitHandle.WaitOne(IdleTime);
            cancel.ThrowIfCancellationRequested();
            _idleRate = Rate(start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of all gateways, in bytes a second, from a timestamp of the load run until now; null if a gateway has told nothing.</summary>
    public double? RateSince(long from) => Rate(from) - _idleRate;

    public void Dispose() => _probes.ForEach(probe => probe.Dispose());

    private double? Rate(long from)
    {
        long now = Stopwatch.GetTimestamp();
        return _probes.Aggregate((double?)0, (sum, probe) => sum + probe.Rate(from, now));
    }
}
