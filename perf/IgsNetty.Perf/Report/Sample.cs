using HdrHistogram;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Report;

/// <summary>The figures of one load run. A figure that could not be measured is absent.</summary>
internal sealed class Sample
{
    private readonly Dictionary<string, double> _values = [];

    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Of each round trip that counts, in nanoseconds; null where none is measured.</summary>
    public LongHistogram? Latency { get; private set; }

    public void Set(Metric metric, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            _values[metric.Name] = known;
        }
    }

    public void SetCommon(LoadOutcome outcome)
    {
        Set(Metric.Memory, outcome.GatewayMemory.Count == 0 ? null : Metric.MiB(outcome.GatewayMemory.Max()));
        Set(Metric.Switches, outcome.ContextSwitches / outcome.Seconds);
        Set(Metric.Descriptors, outcome.Descriptors.Count == 0 ? null : outcome.Descriptors.Max());
        Set(Metric.LoadCpu, outcome.LoadCpuSeconds / outcome.Seconds);
        Latency = outcome.Latency;
    }

    public double? Get(Metric metric) => _values.TryGetValue(metric.Name, out double value) ? value : null;
}
