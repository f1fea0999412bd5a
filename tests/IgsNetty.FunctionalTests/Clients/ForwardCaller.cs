using System.Net;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>Datagrams through a static forward: the gateway's port stands for the target.</summary>
internal sealed class ForwardCaller(UdpPort port, IPEndPoint forward) : IUdpCaller
{
    public int LargestPayload => UdpPort.LargestDatagram;

    /// <summary>The client's own socket.</summary>
    public UdpPort Port => port;

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => port.SendAsync(bytes, forward);

    public async Task<byte[]> ReceiveAsync() => (await port.ReceiveAsync()).Bytes;

    public async Task<byte[]?> TryReceiveAsync(TimeSpan window) => (await port.TryReceiveAsync(window))?.Bytes;

    public Task ExpectNothingAsync(TimeSpan window) => port.ExpectNothingAsync(window);

    public void Dispose() => port.Dispose();
}
