using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// While it lives, transports can open nothing: the process's limit is lowered to what is open and the reserve, and the gaps are
/// filled. The runtime, which ends when it gets no descriptor, has the reserve.
/// </summary>
internal sealed partial class DescriptorFamine : IDisposable
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    private readonly SafeFileHandle _source = File.OpenHandle("/dev/null");
    private readonly List<int> _fillers = [];
    private readonly Limit _before;

    public DescriptorFamine()
    {
        Check(GetLimit(OpenFiles, out _before));
        int lowest = Descriptors.Highest() + 1;
        Check(SetLimit(OpenFiles, _before with { Soft = (ulong)(lowest + DescriptorReserve.Count) }));
        int filler;
        while ((filler = Check(Duplicate((int)_source.DangerousGetHandle()))) < lowest)
        {
            _fillers.Add(filler);
        }

        Check(Close(filler));
    }

    public void Dispose()
    {
        Check(SetLimit(OpenFiles, _before));
        _fillers.ForEach(filler => Check(Close(filler)));
        _source.Dispose();
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

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
