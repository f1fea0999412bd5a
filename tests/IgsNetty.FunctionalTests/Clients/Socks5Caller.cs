using System.Net;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>Datagrams through a SOCKS5 association of its own.</summary>
internal sealed class Socks5Caller(Socks5Udp association, IPEndPoint target) : IUdpCaller
{
    public int LargestPayload => UdpPort.LargestDatagram - Socks5Udp.IPv4HeaderBytes;

    public Socks5Udp Association => association;

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => association.SendAsync(bytes, target);

    public async Task<byte[]> ReceiveAsync() => (await association.ReceiveAsync()).Bytes;

    public async Task<byte[]?> TryReceiveAsync(TimeSpan window) => (await association.TryReceiveAsync(window))?.Bytes;

    public Task ExpectNothingAsync(TimeSpan window) => association.Port.ExpectNothingAsync(window);

    public void Dispose() => association.Dispose();
}
