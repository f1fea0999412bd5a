using System.Globalization;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>
/// A process and all that descend from it, as /proc shows them: some relays have a process for each connection, and others one
/// that only watches over those that work.
/// </summary>
internal sealed class ProcessTree
{
    /// <summary>What /proc counts in; the kernel shows it as hundredths of a second on every machine.</summary>
    private const long TicksPerClockTick = TimeSpan.TicksPerSecond / 100;

    private readonly List<ProcessStat> _processes;

    private ProcessTree(List<ProcessStat> processes) => _processes = processes;

    /// <summary>As it is now; empty when the process has ended.</summary>
    public static ProcessTree Of(int process)
    {
        ILookup<int, ProcessStat> children = ProcessStat.ReadAll().ToLookup(p => p.Parent);
        List<ProcessStat> tree = [.. ProcessStat.TryRead(process) is { } root ? new[] { root } : []];
        for (int i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i].Id]);
        }

        return new ProcessTree(tree);
    }

    /// <summary>User and system time of all of them, and of the children that have ended meanwhile, in steps of 10 ms for those.</summary>
    public TimeSpan Cpu() => _processes.Aggregate(
        TimeSpan.Zero,
        (sum, p) => sum + (ProcessCpuClock.TryRead(p.Id) ?? TimeSpan.Zero) + TimeSpan.FromTicks(p.ChildrenClockTicks * TicksPerClockTick));

    /// <summary>Resident bytes of all of them; what they share counts for each.</summary>
    public long Memory() => _processes.Sum(p => p.ResidentPages) * Environment.SystemPageSize;

    /// <summary>How often a thread that runs now has left the processor, by itself or not.</summary>
    public long ContextSwitches() => _processes.SelectMany(p => Entries(p.Id, "task")).Sum(SwitchesOfThread);

    /// <summary>Open descriptors of all of them; those of another user's process are not seen.</summary>
    public int Descriptors() => _processes.Sum(p => Entries(p.Id, "fd").Length);

    private static string[] Entries(int process, string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process}/{folder}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long SwitchesOfThread(string thread)
    {
        try
        {
            return File.ReadLines(Path.Combine(thread, "status"))
                .Where(line => line.Contains("voluntary_ctxt_switches:", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.AsSpan(line.IndexOf(':') + 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
