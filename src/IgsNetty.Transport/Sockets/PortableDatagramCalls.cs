using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>By .NET's calls, on every system: an error costs an exception there.</summary>
internal sealed class PortableDatagramCalls(Socket socket) : DatagramCalls
{
    public override SocketError Send(ReadOnlySpan<byte> payload, SocketAddress to)
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

    public override SocketError Receive(byte[] buffer, SocketAddress from, out int count)
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

    public override bool MayHaveMore()
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
