using System.Globalization;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">That of the process which started it.</param>
/// <param name="ChildrenClockTicks">User and system time of children that have ended and were waited for, and of theirs.</param>
/// <param name="ResidentPages">Of memory.</param>
internal readonly record struct ProcessStat(int Id, int Parent, long ChildrenClockTicks, long ResidentPages)
{
    // Counted from behind the program's name, which may hold anything.
    private const int ParentField = 1;
    private const int ChildrenUserField = 13;
    private const int ChildrenSystemField = 14;
    private const int ResidentField = 21;

    /// <summary>Of every process there is.</summary>
    public static IEnumerable<ProcessStat> ReadAll()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && TryRead(id) is { } stat)
            {
                yield return stat;
            }
        }
    }

    /// <summary>Null if the process has ended.</summary>
    public static ProcessStat? TryRead(int process)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        return new ProcessStat(
            process, (int)Number(ParentField), Number(ChildrenUserField) + Number(ChildrenSystemField), Number(ResidentField));
    }
}
