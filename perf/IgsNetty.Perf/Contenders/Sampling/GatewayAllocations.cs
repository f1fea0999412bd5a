using System.Diagnostics;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>What a pair of gateways allocates in a load run.</summary>
internal sealed class GatewayAllocations : IDisposable
{
    private readonly List<AllocationProbe> _probes = [];

    /// <exception cref="PerfException">A gateway does not tell.</exception>
    public GatewayAllocations(IReadOnlyList<RelayProcess> gateways)
    {
        try
        {
            foreach (RelayProcess gateway in gateways)
            {
                _probes.Add(new AllocationProbe(gateway.Id));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes a second of all gateways, from a timestamp of the load run until now; null if one has told nothing.</summary>
    public double? RateSince(long from)
    {
        long now = Stopwatch.GetTimestamp();
        return _probes.Aggregate((double?)0, (sum, probe) => sum + probe.Rate(from, now));
    }

    public void Dispose() => _probes.ForEach(probe => probe.Dispose());
}
