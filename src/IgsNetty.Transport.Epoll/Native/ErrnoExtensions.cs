using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>From Linux's errors to .NET's.</summary>
internal static class ErrnoExtensions
{
    /// <summary>The error of the last call on this thread.</summary>
    public static Errno Last() => (Errno)Marshal.GetLastPInvokeError();

    public static SocketException LastException() => Last().ToException();

    public static SocketException ToException(this Errno error) => new((int)error.ToSocketError());

    public static SocketError ToSocketError(this Errno error) => error switch
    {
        Errno.None => SocketError.Success,
        Errno.Again => SocketError.WouldBlock,
        Errno.Interrupted => SocketError.Interrupted,
        Errno.NotPermitted or Errno.AccessDenied => SocketError.AccessDenied,
        Errno.BadDescriptor => SocketError.OperationAborted,
        Errno.NoMemory or Errno.NoBuffers => SocketError.NoBufferSpaceAvailable,
        Errno.InvalidArgument => SocketError.InvalidArgument,
        Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem => SocketError.TooManyOpenSockets,
        Errno.BrokenPipe => SocketError.Shutdown,
        Errno.MessageSize => SocketError.MessageSize,
        Errno.ProtocolNotSupported => SocketError.ProtocolNotSupported,
        Errno.NotSupported => SocketError.OperationNotSupported,
        Errno.FamilyNotSupported => SocketError.AddressFamilyNotSupported,
        Errno.AddressInUse => SocketError.AddressAlreadyInUse,
        Errno.AddressNotAvailable => SocketError.AddressNotAvailable,
        Errno.NetworkDown => SocketError.NetworkDown,
        Errno.NetworkUnreachable => SocketError.NetworkUnreachable,
        Errno.ConnectionAborted => SocketError.ConnectionAborted,
        Errno.ConnectionReset => SocketError.ConnectionReset,
        Errno.IsConnected => SocketError.IsConnected,
        Errno.NotConnected => SocketError.NotConnected,
        Errno.TimedOut => SocketError.TimedOut,
        Errno.ConnectionRefused => SocketError.ConnectionRefused,
        Errno.HostDown => SocketError.HostDown,
        Errno.HostUnreachable => SocketError.HostUnreachable,
        Errno.Already => SocketError.AlreadyInProgress,
        Errno.InProgress => SocketError.InProgress,
        _ => SocketError.SocketError,
    };
}
