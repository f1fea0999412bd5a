namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Whether the process is at rest.</summary>
internal static class Idleness
{
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Waits for a span in which the process takes next to no processor time. A loop that finds the same thing again and
    /// again takes all of every span; the runtime's own work, such as compiling, only some of them. Opens no descriptor.
    /// </summary>
    public static Task AssertAsync(string state) => Waiting.UntilAsync(
        () =>
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(Span); // not a wait: the time is what is measured
            return Environment.CpuUsage.TotalTime - before < Span / 10;
        },
        $"a process at rest with {state}");
}
