namespace IgsNetty.FunctionalTests.Harness;

/// <summary>How much the bulk tests move: a size for every build, and the acceptance size with <c>IGSNETTY_TEST_FULL=1</c>.</summary>
internal static class TestScale
{
    public const int MiB = 1 << 20;

    private const string Switch = "IGSNETTY_TEST_FULL";

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable(Switch) == "1";

    /// <summary>64 MiB, or 1 GiB in a full run.</summary>
    public static long BulkBytes { get; } = IsFull ? 1024L * MiB : 64L * MiB;

    public static string Description { get; } = IsFull
        ? $"bulk files are 1 GiB ({Switch}=1)"
        : $"bulk files are 64 MiB (1 GiB with {Switch}=1)";
}
