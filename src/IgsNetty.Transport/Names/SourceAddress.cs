using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Names;

/// <summary>Asks the system which own address a packet to a destination would leave from. Sends nothing.</summary>
public static class SourceAddress
{
    private const int AnyPort = 9; // connect() needs one that is not 0; a UDP socket sends nothing until it is told to

    /// <returns>Null when the system has no route to the destination.</returns>
    public static IPAddress? For(IPAddress destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        try
        {
            using Socket socket = new(destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(destination, AnyPort));
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
