using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Someone a UDP socket under test talks to: a plain socket.</summary>
internal sealed class DatagramPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65536];

    public DatagramPeer(IPAddress? address = null)
    {
        IPEndPoint local = new(address ?? IPAddress.Loopback, 0);
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _socket.Bind(local);
        Local = (IPEndPoint)_socket.LocalEndPoint!;
        Address = UdpAddress.FromEndPoint(Local);
    }

    public IPEndPoint Local { get; }

    public UdpAddress Address { get; }

    public void Send(IPEndPoint destination, ReadOnlySpan<byte> payload) =>
        Assert.Equal(payload.Length, _socket.SendTo(payload, SocketFlags.None, destination));

    public async Task<Datagram> ReceiveAsync()
    {
        SocketReceiveFromResult result = await _socket.ReceiveFromAsync(_buffer.AsMemory(), SocketFlags.None, new IPEndPoint(AnyAddress, 0))
            .AsTask().InTime("a datagram at the peer");
        return new Datagram(UdpAddress.FromEndPoint((IPEndPoint)result.RemoteEndPoint), _buffer[..result.ReceivedBytes]);
    }

    public void Dispose() => _socket.Dispose();

    private IPAddress AnyAddress => Local.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
}
