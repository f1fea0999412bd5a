using System.Net;
using System.Net.Sockets;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>A bound UDP socket of loopback, a client's or a target's; every wait ends at the deadline it was opened with.</summary>
internal sealed class UdpPort : IDisposable
{
    /// <summary>What a datagram over IPv4 can hold.</summary>
    public const int LargestDatagram = 65_507;

    // A hundred replies, or a few of the largest datagrams, must fit while the test does something else.
    private const int ReceiveBuffer = 4 << 20;

    private readonly Socket _socket;
    private readonly CancellationToken _deadline;
    private readonly byte[] _buffer = new byte[LargestDatagram + 1];

    /// <param name="deadline">Ends every wait.</param>
    /// <param name="bind">By default a free port of 127.0.0.1.</param>
    public UdpPort(CancellationToken deadline, IPEndPoint? bind = null)
    {
        bind ??= new IPEndPoint(IPAddress.Loopback, 0);
        _deadline = deadline;
        _socket = new Socket(bind.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBuffer };
        _socket.Bind(bind);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint to) =>
        await _socket.SendToAsync(bytes, SocketFlags.None, to, _deadline);

    public Task<Datagram> ReceiveAsync() => ReceiveAsync(_deadline);

    /// <summary>The next datagram, or null when none comes within the window.</summary>
    public async Task<Datagram?> TryReceiveAsync(TimeSpan window)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_deadline);
        limit.CancelAfter(window);
        try
        {
            return await ReceiveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!_deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Fails when a datagram comes within the window.</summary>
    public async Task ExpectNothingAsync(TimeSpan window)
    {
        if (await TryReceiveAsync(window) is { } unwanted)
        {
            string start = Convert.ToHexString(unwanted.Bytes.AsSpan(0, Math.Min(16, unwanted.Bytes.Length)));
            throw new XunitException($"Nothing was to come to {EndPoint}, but {unwanted.Bytes.Length} bytes from {unwanted.From}: {start}");
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Datagram> ReceiveAsync(CancellationToken limit)
    {
        IPEndPoint any = new(EndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        SocketReceiveFromResult result = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, any, limit);
        return new Datagram(_buffer[..result.ReceivedBytes], (IPEndPoint)result.RemoteEndPoint);
    }
}
