using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// A UDP port that answers every datagram with an ICMP error and that nobody else can bind meanwhile: its socket is connected to itself,
/// so the kernel finds no socket for the datagrams of others.
/// </summary>
internal sealed class ClosedUdpPort : IDisposable
{
    private readonly Socket _socket;

    public ClosedUdpPort(IPAddress? address = null)
    {
        IPEndPoint local = new(address ?? IPAddress.Loopback, 0);
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(local);
        Local = (IPEndPoint)_socket.LocalEndPoint!;
        _socket.Connect(Local);
    }

    public IPEndPoint Local { get; }

    public UdpAddress Address => UdpAddress.FromEndPoint(Local);

    /// <summary>From here on the port receives what comes from that address.</summary>
    public Socket OpenTo(EndPoint peer)
    {
        _socket.Connect(peer);
        return _socket;
    }

    public void Dispose() => _socket.Dispose();
}
