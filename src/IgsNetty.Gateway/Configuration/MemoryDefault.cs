namespace IgsNetty.Gateway.Configuration;

/// <summary>
/// The default of <c>Limits:MemoryMiB</c>: what the runtime may use, shared between payload for slow readers and all else. The runtime
/// counts the limit of a container, and keeps a quarter of that for what is not in its heap.
/// </summary>
internal static class MemoryDefault
{
    /// <summary>More is seldom of use: a window of 1 MiB for 512 stopped readers.</summary>
    public const int MaxMiB = 512;

    /// <summary>Buffers of which only a part is held count up to four times, and the heap needs room beside them.</summary>
    public const int Share = 6;

    private const int MinMiB = 4;

    /// <summary>What this process may use, in MiB.</summary>
    public static int AvailableMiB { get; } = (int)Math.Min(int.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);

    /// <summary>The default where this much may be used.</summary>
    public static int For(int availableMiB) => Math.Clamp(availableMiB / Share, MinMiB, MaxMiB);
}
