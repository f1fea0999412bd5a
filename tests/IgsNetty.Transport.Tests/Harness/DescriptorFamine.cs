using System.ComponentModel;
using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>While it lives, this process can open nothing: its limit is lowered to what is open, and the gaps are filled.</summary>
internal sealed partial class DescriptorFamine : IDisposable
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE
    private const int EnoughBytes = 64 << 20;

    private readonly List<int> _fillers = [];
    private readonly Limit _before;

    public DescriptorFamine()
    {
        // A collection asks the system for its memory by way of a file, and the runtime gives up when it cannot.
        GC.TryStartNoGCRegion(EnoughBytes);
        using SafeFileHandle handle = File.OpenHandle("/dev/null");
        Check(GetLimit(OpenFiles, out _before));
        Limit low = _before with { Soft = (ulong)Descriptors.Highest() + 1 };
        Check(SetLimit(OpenFiles, low));
        int filler;
        while ((filler = Duplicate((int)handle.DangerousGetHandle())) >= 0)
        {
            _fillers.Add(filler);
        }

        // The handle's own descriptor becomes free here.
        handle.Dispose();
        filler = Duplicate(_fillers[0]);
        if (filler >= 0)
        {
            _fillers.Add(filler);
        }
    }

    public void Dispose()
    {
        Check(SetLimit(OpenFiles, _before));
        _fillers.ForEach(filler => Check(Close(filler)));
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
