using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// ICMP errors of a UDP socket that is not connected. Linux reports them only when asked (IP_RECVERR), as the error of a
/// later call, and keeps each in a queue that counts against the receive buffer until it is read.
/// </summary>
internal static partial class UndeliveredReports
{
    private const int SolIP = 0;
    private const int IPRecvErr = 11;
    private const int SolIPv6 = 41;
    private const int IPv6RecvErr = 25;
    private const int MsgErrQueue = 0x2000;
    private const int MsgDontWait = 0x40;

    public static void Enable(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        socket.SetRawSocketOption(SolIP, IPRecvErr, on);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.SetRawSocketOption(SolIPv6, IPv6RecvErr, on);
        }
    }

    /// <summary>Does the error of a call speak of an earlier datagram?</summary>
    public static bool IsReport(SocketError error) => error
        is SocketError.ConnectionRefused    // port unreachable
        or SocketError.ConnectionReset      // the same on Windows
        or SocketError.HostUnreachable
        or SocketError.NetworkReset;        // time to live exceeded, on Windows

    /// <summary>Empties the queue.</summary>
    public static void Drain(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        byte nothing = 0;
        try
        {
            while (Receive(socket.SafeHandle, ref nothing, 0, MsgErrQueue | MsgDontWait) >= 0)
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: the queue is gone with it.
        }
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(SafeHandle socket, ref byte buffer, nint length, int flags);
}
