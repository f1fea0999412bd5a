using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Contenders;

/// <summary>
/// The kernel's clock of another process, to the nanosecond. /proc, which .NET reads, counts in steps of 10 ms: more than an idle
/// gateway uses in a second.
/// </summary>
internal static partial class ProcessCpuClock
{
    private const int Failed = -1;

    /// <summary>User and system time of all its threads, also of those that have ended.</summary>
    /// <exception cref="PerfException">There is no such process.</exception>
    public static TimeSpan Read(int process)
    {
        TimeSpec time = default;
        return GetClock(process, out int clock) == 0 && GetTime(clock, ref time) != Failed
            ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new PerfException($"process {process} has no CPU time any more: it has ended");
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
