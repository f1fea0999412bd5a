using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// Sends and receives on a UDP socket that does not block, with errors as values. This base does it by .NET's calls, on
/// every system: an error costs an exception there. Sends may come from any thread.
/// </summary>
/// <param name="socket">The socket.</param>
internal class DatagramCalls(Socket socket)
{
    protected Socket Socket => socket;

    /// <summary>The calls for this system.</summary>
    public static DatagramCalls For(Socket socket, bool portable) =>
        OperatingSystem.IsLinux() && !portable ? new LinuxDatagramCalls(socket) : new DatagramCalls(socket);

    public virtual SocketError Send(ReadOnlySpan<byte> payload, SocketAddress to)
    {
        try
        {
            socket.SendTo(payload, SocketFlags.None, to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    public virtual SocketError Receive(byte[] buffer, SocketAddress from, out int count)
    {
        count = 0;
        try
        {
            count = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    /// <summary>Asked after a datagram: may there be another? An empty one need not be seen; the next wait finds it.</summary>
    public virtual bool MayHaveMore()
    {
        try
        {
            return socket.Available > 0; // to find nothing would cost an exception
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
