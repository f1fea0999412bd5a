using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// The same by the system's own calls: a datagram costs one call, and an error no exception. With .NET's, a flood to a
/// port where nobody listens took a whole core in exceptions.
/// </summary>
/// <param name="socket">May be closed at any time, by any thread.</param>
/// <param name="family">Of the socket.</param>
internal sealed partial class LinuxDatagramCalls(SafeHandle socket, AddressFamily family) : DatagramCalls
{
    private const int MsgDontWait = 0x40;
    private const int MsgNoSignal = 0x4000;

    private readonly bool _isIPv6 = family == AddressFamily.InterNetworkV6;

    public override unsafe SocketError Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        byte* address = stackalloc byte[UdpAddress.LargestNative];
        int size = destination.WriteLinux(address, _isIPv6);
        fixed (byte* bytes = payload)
        {
            byte* first = bytes == null ? address : bytes; // of an empty datagram, something that is there
            try
            {
                return Result(SendTo(socket, first, payload.Length, MsgDontWait | MsgNoSignal, address, size), out _);
            }
            catch (ObjectDisposedException)
            {
                return SocketError.OperationAborted;
            }
        }
    }

    public override unsafe SocketError Receive(byte[] buffer, out UdpAddress source, out int count)
    {
        byte* address = stackalloc byte[UdpAddress.LargestNative];
        int size = UdpAddress.LargestNative;
        fixed (byte* bytes = buffer)
        {
            try
            {
                SocketError result = Result(ReceiveFrom(socket, bytes, buffer.Length, MsgDontWait, address, ref size), out count);
                source = UdpAddress.Read(new ReadOnlySpan<byte>(address, size), _isIPv6);
                return result;
            }
            catch (ObjectDisposedException)
            {
                count = 0;
                source = default;
                return SocketError.OperationAborted;
            }
        }
    }

    public override bool MayHaveMore() => true;

    private static SocketError Result(nint result, out int count)
    {
        count = (int)result;
        return result >= 0 ? SocketError.Success : (Errno)Marshal.GetLastPInvokeError() switch
        {
            Errno.Again or Errno.Interrupted => SocketError.WouldBlock,
            Errno.MessageSize => SocketError.MessageSize,
            Errno.NoBuffers => SocketError.NoBufferSpaceAvailable,
            Errno.ConnectionRefused => SocketError.ConnectionRefused,
            Errno.HostUnreachable => SocketError.HostUnreachable,
            Errno.NetworkUnreachable => SocketError.NetworkUnreachable,
            _ => SocketError.SocketError,
        };
    }

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static unsafe partial nint SendTo(SafeHandle socket, byte* bytes, nint length, int flags, byte* address, int addressSize);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static unsafe partial nint ReceiveFrom(SafeHandle socket, byte* bytes, nint length, int flags, byte* address, ref int addressSize);

    /// <summary>Numbers of Linux on x64 and arm64.</summary>
    private enum Errno
    {
        Interrupted = 4,
        Again = 11,
        MessageSize = 90,
        NetworkUnreachable = 101,
        NoBuffers = 105,
        ConnectionRefused = 111,
        HostUnreachable = 113,
    }
}
