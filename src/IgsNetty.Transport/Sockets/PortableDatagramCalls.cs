using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>By .NET's calls, on every system: an error costs an exception there.</summary>
internal sealed class PortableDatagramCalls(Socket socket) : DatagramCalls
{
    [ThreadStatic]
    private static SocketAddress? t_destination4;

    [ThreadStatic]
    private static SocketAddress? t_destination6;

    private readonly SocketAddress _source = new(socket.AddressFamily);

    public override SocketError Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        SocketAddress to = _source.Family == AddressFamily.InterNetwork
            ? t_destination4 ??= new SocketAddress(AddressFamily.InterNetwork)
            : t_destination6 ??= new SocketAddress(AddressFamily.InterNetworkV6);
        destination.TryWrite(to);
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

    public override SocketError Receive(byte[] buffer, out UdpAddress source, out int count)
    {
        count = 0;
        source = default;
        try
        {
            count = socket.ReceiveFrom(buffer, SocketFlags.None, _source);
            source = UdpAddress.Read(_source);
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
