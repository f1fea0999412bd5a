using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Ports;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>
/// A UDP echo at every address that "localhost" may stand for: the name has one address or two, the order is the machine's,
/// and a datagram finds no second one by itself.
/// </summary>
internal sealed class LocalhostEcho : IAsyncDisposable
{
    private readonly UdpTarget _first;
    private readonly UdpTarget? _second;

    public LocalhostEcho()
    {
        // One number for both addresses, which the kernel does not choose for two sockets.
        _first = UdpTarget.Echo(new IPEndPoint(IPAddress.Loopback, ForeignPorts.Take()));
        try
        {
            _second = UdpTarget.Echo(new IPEndPoint(IPAddress.IPv6Loopback, Port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // No IPv6 here.
        }
    }

    /// <summary>The IPv4 one.</summary>
    public IPEndPoint EndPoint => _first.EndPoint;

    public int Port => _first.EndPoint.Port;

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        if (_second is not null)
        {
            await _second.DisposeAsync();
        }
    }
}
