using System.Globalization;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>How much the bulk tests move: a size for every build, and the acceptance size with <c>IGSNETTY_TEST_FULL=1</c>.</summary>
internal static class TestScale
{
    public const int MiB = 1 << 20;

    private const string Switch = "IGSNETTY_TEST_FULL";

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable(Switch) == "1";

    /// <summary>24 MiB, or 1 GiB in a full run.</summary>
    public static long BulkBytes { get; } = IsFull ? 1024L * MiB : 24L * MiB;

    /// <summary>For each of hundreds of transfers at a time: 256 KiB, or 1 MiB in a full run.</summary>
    public static int ManyBytes { get; } = IsFull ? MiB : 256 * 1024;

    /// <summary>UDP flows that are open at a time: 2,000, or in a full run 20,000 and as many as the machine lets a process have.</summary>
    public static int UdpFlows { get; } = IsFull ? (int)Math.Min(20_000, DescriptorLimit() - 2_000) : 2_000;

    /// <summary>The UDP response timeout of those flows: in a full run long enough to open all of them, where a process may.</summary>
    public static int UdpFlowSeconds { get; } = IsFull && DescriptorLimit() > UdpFlows + 1000 ? 10 : IsFull ? 2 : 1;

    public static string Description { get; } = IsFull
        ? $"bulk files are 1 GiB ({Switch}=1)"
        : $"bulk files are 24 MiB (1 GiB with {Switch}=1)";

    // "Max open files   1024   524288   files": soft and hard; the gateways raise theirs to the hard one.
    private static long DescriptorLimit()
    {
        string line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return long.TryParse(hard, CultureInfo.InvariantCulture, out long limit) ? limit : long.MaxValue;
    }
}
