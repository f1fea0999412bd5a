using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>Limits of a running process, as <c>prlimit</c> sets them. Numbers as on Linux.</summary>
internal static partial class ProcessLimit
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    public static void SetOpenFiles(int processId, int most)
    {
        if (SetLimit(processId, OpenFiles, new Limit((ulong)most, (ulong)most), 0) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"prlimit --nofile={most} --pid {processId}");
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int SetLimit(int processId, int resource, in Limit limit, nint before);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
