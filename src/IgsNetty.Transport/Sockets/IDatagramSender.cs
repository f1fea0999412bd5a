using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>Sends on a UDP socket that does not block, with errors as values; from any thread.</summary>
internal interface IDatagramSender
{
    /// <param name="destination">Of the socket's family, or an IPv4 address for a socket of both.</param>
    /// <param name="payload">The caller keeps it.</param>
    SocketError Send(in UdpAddress destination, ReadOnlySpan<byte> payload);
}
