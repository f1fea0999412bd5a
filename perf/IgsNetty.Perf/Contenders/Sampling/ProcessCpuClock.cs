using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>
/// The kernel's clock of another process, to the nanosecond. /proc, which .NET reads, counts in steps of 10 ms: more than an idle
/// gateway uses in a second.
/// </summary>
internal static partial class ProcessCpuClock
{
    private const int Failed = -1;

    /// <summary>User and system time of all its threads, also of those that have ended.</summary>
    /// <returns>Null if there is no such process any more.</returns>
    public static TimeSpan? TryRead(int process)
    {
        TimeSpec time = default;
        return GetClock(process, out int clock) == 0 && GetTime(clock, ref time) != Failed
            ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, ref TimeSpec time);

    /// <summary>As the kernel lays it out on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
