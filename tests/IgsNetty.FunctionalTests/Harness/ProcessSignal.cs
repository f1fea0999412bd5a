using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>The signals that .NET's <see cref="Process"/> cannot send. Numbers as on Linux.</summary>
internal static partial class ProcessSignal
{
    public const int HangUp = 1;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>Does nothing when the process has ended: its number may be another process's by now.</summary>
    public static void Send(Process process, int signal)
    {
        if (!process.HasExited && SendSignal(process.Id, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill -{signal} {process.Id}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
