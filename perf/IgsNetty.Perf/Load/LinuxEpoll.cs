using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>
/// The system's calls of epoll, for one thread that waits. Sockets may be added from any thread; closing one takes it out.
/// </summary>
internal sealed unsafe partial class LinuxEpoll : IDisposable
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerEnded = 0x2000;
    public const uint EdgeTriggered = 0x80000000;

    /// <summary>Of one wait.</summary>
    public const int MostEvents = 256;

    private const int CloseOnExec = 0x80000;
    private const int AddOperation = 1;
    private const int ModifyOperation = 3;
    private const int Interrupted = 4;

    // struct epoll_event is packed on x86 and aligned everywhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly int _epoll = Check(EpollCreate(CloseOnExec));
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(MostEvents * EventSize));

    public void Add(nint handle, uint interest) => Control(AddOperation, handle, interest);

    public void Modify(nint handle, uint interest) => Control(ModifyOperation, handle, interest);

    /// <summary>
    /// Returns how many handles are ready or in error; <see cref="Handle"/> and <see cref="Events"/> tell of each until the next wait.
    /// </summary>
    /// <param name="most">Of <see cref="MostEvents"/>.</param>
    /// <param name="milliseconds">0: only looks.</param>
    public int Wait(int most, int milliseconds)
    {
        int count = EpollWait(_epoll, _events, Math.Min(most, MostEvents), milliseconds);
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count);
    }

    public nint Handle(int index) => (nint)Marshal.ReadInt64((nint)_events, index * EventSize + DataOffset);

    public uint Events(int index) => (uint)Marshal.ReadInt32((nint)_events, index * EventSize);

    public void Dispose()
    {
        _ = Close(_epoll);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, nint handle, uint interest)
    {
        byte* one = stackalloc byte[EventSize];
        Marshal.WriteInt32((nint)one, (int)interest);
        Marshal.WriteInt64((nint)one, DataOffset, handle);
        Check(EpollControl(_epoll, operation, (int)handle, one));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int handle, byte* oneEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
