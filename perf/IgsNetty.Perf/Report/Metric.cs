using System.Globalization;
using System.Text.Json.Serialization;

namespace IgsNetty.Perf.Report;

/// <summary>One figure that a scenario measures.</summary>
/// <param name="Name">Its name in the JSON report, with its unit.</param>
/// <param name="Heading">Its column in the table, with its unit, on two short lines: a table is to fit into 100 columns.</param>
/// <param name="Format">A .NET number format, for values below 100; larger ones are shown without decimals.</param>
internal sealed record Metric(string Name, string Heading, string Format)
{
    /// <summary>Cores that the load generator and its targets kept busy; says whether they were the limit.</summary>
    public static readonly Metric LoadCpu = new("loadCpuCores", "load\ncores", "0.00") { IsJudged = false };

    /// <summary>Resident memory of the larger gateway at the end of the measured time.</summary>
    public static readonly Metric Memory = new("gatewayMemoryMiB", "RSS\nMiB", "0");

    /// <summary>By how much the resident memory of the gateway that grew more is larger when all streams have ended than before the first.</summary>
    public static readonly Metric MemoryLeft = new("gatewayMemoryLeftMiB", "MiB\nleft", "0.0");

    public static readonly Metric RoundTrips = new("roundTripsPerSecond", "round\ntrips/s", "N0") { IsCompared = true };

    public static readonly Metric CpuPerRoundTrip = new("gatewayCpuMicrosecondsPerRoundTrip", "CPU\nµs", "0.00");

    /// <summary>How often the relays' threads left the processor, for each round trip.</summary>
    public static readonly Metric SwitchesPerRoundTrip =
        new("gatewayContextSwitchesPerRoundTrip", "context\nswitches", "0.00") { IsDetail = true };

    /// <summary>The same for any load, by seconds.</summary>
    public static readonly Metric Switches = new("gatewayContextSwitchesPerSecond", "context\nswitches/s", "N0") { IsDetail = true };

    /// <summary>Open at the end of the measured time by the gateway that has more of them.</summary>
    public static readonly Metric Descriptors = new("gatewayDescriptors", "descrip-\ntors", "0") { IsDetail = true };

    /// <summary>By both gateways, in a load run of its own after the rounds.</summary>
    public static readonly Metric AllocatedPerRoundTrip = new("gatewayAllocatedBytesPerRoundTrip", "alloc\nB", "0.0") { IsDetail = true };

    /// <summary>Latency of a round trip, whatever one is in the scenario.</summary>
    public static readonly Metric P50 = new("p50Microseconds", "p50\nµs", "0.0") { IsCompared = true };

    public static readonly Metric P99 = new("p99Microseconds", "p99\nµs", "0.0");

    public static readonly Metric P999 = new("p99_9Microseconds", "p99.9\nµs", "0.0");

    public static readonly Metric Slowest = new("maxMicroseconds", "max\nµs", "0.0");

    /// <summary>What every load run gives; the last columns of every table.</summary>
    public static IReadOnlyList<Metric> OfAnyLoad { get; } = [Memory, LoadCpu, Switches, Descriptors];

    /// <summary>The table also shows its spread, and it as a multiple of the reference.</summary>
    public bool IsCompared { get; init; }

    /// <summary>It is in the JSON report and has no column in the table.</summary>
    public bool IsDetail { get; init; }

    /// <summary>More is better, as it is of a rate; of a time, a cost or a loss less is.</summary>
    public bool IsMoreBetter { get; init; } = Name.Contains("PerSecond", StringComparison.Ordinal);

    /// <summary><c>--compare</c> says whether it got better or worse.</summary>
    public bool IsJudged { get; init; } = true;

    /// <summary>The heading on one line.</summary>
    [JsonIgnore]
    public string Unit => Heading.Replace('\n', ' ').Trim();

    public static double MiB(long bytes) => bytes / 1048576.0;

    public string Show(double? value) => value?.ToString(value < 100 ? Format : "N0", CultureInfo.InvariantCulture) ?? "";
}
