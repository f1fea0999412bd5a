using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Perf.FarLink;

/// <summary>A Linux network namespace made here, gone with this object. Needs root and the <c>ip</c> command.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const string Folder = "/run/netns";
    private const int NetworkKind = 0x40000000;

    /// <exception cref="PerfException">It cannot be made.</exception>
    public NetworkNamespace(string name)
    {
        Name = name;
        Ip("netns", "add", name);
    }

    public string Name { get; }

    /// <summary>A command line that runs a program inside.</summary>
    public ProcessStartInfo Start(string program, IEnumerable<string> args) => new("ip", ["netns", "exec", Name, program, .. args]);

    /// <summary>Runs the <c>ip</c> command inside.</summary>
    /// <exception cref="PerfException">It fails.</exception>
    public void Configure(params string[] args) => Ip(["-n", Name, .. args]);

    /// <summary>
    /// Does something inside, on a thread made for it, and waits. A socket, a device, or a listener that is opened belongs to the
    /// namespace wherever it is used later.
    /// </summary>
    public T Do<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>Sets a value below <c>/proc/sys/net</c> inside.</summary>
    public void SetSystemValue(string path, string value) => Do(() =>
    {
        File.WriteAllText($"/proc/sys/net/{path}", value);
        return true;
    });

    public void Dispose() => Ip("netns", "delete", Name);

    private static void Ip(params string[] args)
    {
        ProcessStartInfo start = new("ip", args) { RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new PerfException($"ip {string.Join(' ', args)}: {error.Trim()}");
            }
        }
        catch (Win32Exception e)
        {
            throw new PerfException($"far needs the ip command (Debian: apt-get install iproute2): {e.Message}", e);
        }
    }

    private void Enter()
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(Folder, Name));
        if (SetNamespace((int)file.DangerousGetHandle(), NetworkKind) != 0)
        {
            throw new PerfException($"cannot enter the network namespace {Name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int handle, int kind);
}
