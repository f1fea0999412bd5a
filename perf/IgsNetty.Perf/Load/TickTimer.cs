using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>A Linux timer that a <see cref="ReadinessPoller"/> waits for like a socket: finer than the poller's own milliseconds.</summary>
internal sealed unsafe partial class TickTimer : IDisposable
{
    private const int Monotonic = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private readonly int _timer = Check(Create(Monotonic, NonBlocking | CloseOnExec));

    /// <summary>Ticks from now on.</summary>
    public TickTimer(TimeSpan interval)
    {
        long nanoseconds = Math.Max(1, (long)interval.TotalNanoseconds);
        long* value = stackalloc long[4];
        value[0] = value[2] = nanoseconds / 1_000_000_000;
        value[1] = value[3] = nanoseconds % 1_000_000_000;
        Check(Set(_timer, 0, value, null));
    }

    public nint Handle => _timer;

    /// <summary>It is readable no longer, until the next tick.</summary>
    public void Clear()
    {
        long ticks;
        _ = Read(_timer, &ticks, sizeof(long));
    }

    public void Dispose() => LinuxSocket.Close(_timer);

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int Create(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static partial int Set(int timer, int flags, long* value, long* old);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int handle, long* value, nint size);
}
