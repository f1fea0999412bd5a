using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// The same by the system's own calls: a datagram costs one call, and an error no exception. With .NET's, a flood to a
/// port where nobody listens took a whole core in exceptions.
/// </summary>
internal sealed partial class LinuxDatagramCalls(Socket socket) : DatagramCalls
{
    private const int MsgDontWait = 0x40;
    private const int MsgNoSignal = 0x4000;

    public override unsafe SocketError Send(ReadOnlySpan<byte> payload, SocketAddress to)
    {
        fixed (byte* bytes = payload)
        fixed (byte* address = to.Buffer.Span)
        {
            byte nothing;
            try
            {
                byte* first = bytes == null ? &nothing : bytes;
                return Result(SendTo(socket.SafeHandle, first, payload.Length, MsgDontWait | MsgNoSignal, address, to.Size), out _);
            }
            catch (ObjectDisposedException)
            {
                return SocketError.OperationAborted;
            }
        }
    }

    public override unsafe SocketError Receive(byte[] buffer, SocketAddress from, out int count)
    {
        fixed (byte* bytes = buffer)
        fixed (byte* address = from.Buffer.Span)
        {
            int size = from.Size;
            try
            {
                return Result(ReceiveFrom(socket.SafeHandle, bytes, buffer.Length, MsgDontWait, address, ref size), out count);
            }
            catch (ObjectDisposedException)
            {
                count = 0;
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
