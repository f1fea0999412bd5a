using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Linux epoll, level-triggered, for one thread that serves many non-blocking sockets: per message it costs one receive, one
/// send and a share of one wait. Closing a socket takes it out. Sockets may be added from any thread; only one waits.
/// </summary>
internal sealed unsafe partial class ReadinessPoller : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const int Interrupted = 4;
    private const int MostEvents = 256;

    // struct epoll_event is packed on x86 and aligned everywhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly int _epoll = Check(EpollCreate(CloseOnExec));
    private readonly byte[] _events = new byte[MostEvents * EventSize];

    public void AddReadable(Socket socket) => AddReadable(socket.Handle);

    public void AddReadable(nint handle) => Control(Add, handle, Readable);

    public void AddWritable(nint handle) => Control(Add, handle, Writable);

    public void Watch(Socket socket, bool read, bool write) => Watch(socket.Handle, read, write);

    public void Watch(nint handle, bool read, bool write) =>
        Control(Modify, handle, (read ? Readable : 0) | (write ? Writable : 0));

    /// <summary>Fills <paramref name="ready"/> with the handles of sockets that are ready or in error, and returns how many.</summary>
    public int Wait(Span<nint> ready, TimeSpan limit)
    {
        fixed (byte* events = _events)
        {
            int count = EpollWait(_epoll, events, Math.Min(ready.Length, MostEvents), (int)limit.TotalMilliseconds);
            if (count < 0)
            {
                return Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count);
            }

            for (int i = 0; i < count; i++)
            {
                ready[i] = (nint)Marshal.ReadInt64((nint)events, i * EventSize + DataOffset);
            }

            return count;
        }
    }

    public void Dispose() => _ = Close(_epoll);

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
