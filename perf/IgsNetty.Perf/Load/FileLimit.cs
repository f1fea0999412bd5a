using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>How many files a process may have open here (RLIMIT_NOFILE, the hard limit), and how many streams fit into that.</summary>
internal static unsafe partial class FileLimit
{
    private const int OpenFiles = 7;

    /// <summary>What a load generator or a gateway has open beside its streams.</summary>
    private const int Reserved = 300;

    /// <param name="filesPerStream">Of the process that needs most.</param>
    public static int MostStreams(int filesPerStream)
    {
        ulong* limits = stackalloc ulong[2];
        ulong hard = Get(OpenFiles, limits) == 0 ? limits[1] : 1024;
        return (int)Math.Min((hard - Reserved) / (ulong)filesPerStream, PerfOptions.MostStreams);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, ulong* limits);
}
