using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>
/// The system's calls on non-blocking sockets, for loads where .NET's Socket would cost as much as what is measured: an object with
/// a finalizer for each connection, an exception for each datagram that is not there yet. Results below 0 are the error, negated.
/// </summary>
internal static unsafe partial class LinuxSocket
{
    public const int WouldBlock = -11;
    public const int InProgress = -115;

    /// <summary>Of an IPv4 address as the calls take it, which is what <see cref="System.Net.SocketAddress"/> holds.</summary>
    public const int AddressSize = 16;

    private const int Internet = 2;
    private const int StreamType = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int DoNotWait = 0x40;
    private const int ShutdownSend = 1;
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;

    public static int OpenStream() => ErrorOr(Open(Internet, StreamType | NonBlocking | CloseOnExec, 0));

    public static int Connect(int socket, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = address)
        {
            return ErrorOr(Connect(socket, bytes, AddressSize));
        }
    }

    public static int Accept(int listener) => ErrorOr(Accept(listener, null, null, NonBlocking | CloseOnExec));

    public static int Send(int socket, ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            return ErrorOr((int)SendTo(socket, bytes, data.Length, NoSignal | DoNotWait, null, 0));
        }
    }

    public static int Receive(int socket, Span<byte> data)
    {
        fixed (byte* bytes = data)
        {
            return ErrorOr((int)ReceiveFrom(socket, bytes, data.Length, DoNotWait, null, null));
        }
    }

    public static int SendTo(int socket, ReadOnlySpan<byte> data, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = data, to = address)
        {
            return ErrorOr((int)SendTo(socket, bytes, data.Length, NoSignal | DoNotWait, to, AddressSize));
        }
    }

    public static int ReceiveFrom(int socket, Span<byte> data, Span<byte> address)
    {
        int size = AddressSize;
        fixed (byte* bytes = data, from = address)
        {
            return ErrorOr((int)ReceiveFrom(socket, bytes, data.Length, DoNotWait, from, &size));
        }
    }

    /// <summary>Each send leaves at once.</summary>
    public static void SetNoDelay(int socket)
    {
        int on = 1;
        _ = SetOption(socket, TcpLevel, NoDelayOption, &on, sizeof(int));
    }

    public static void EndSending(int socket) => _ = Shutdown(socket, ShutdownSend);

    public static void Close(int socket) => _ = CloseHandle(socket);

    /// <summary>Throws for what the caller does not expect.</summary>
    public static int Check(int result) => result >= 0 ? result : throw new Win32Exception(-result);

    private static int ErrorOr(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, byte* address, int size);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(int listener, byte* address, int* size, int flags);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(int socket, byte* data, nint count, int flags, byte* address, int size);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveFrom(int socket, byte* data, nint count, int flags, byte* address, int* size);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int option, void* value, int size);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseHandle(int socket);
}
