using System.Collections.Concurrent;
using System.Net;
using IgsNetty.FunctionalTests.Clients;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>A UDP server inside the test, which answers each datagram by one method.</summary>
internal sealed class UdpTarget : IAsyncDisposable
{
    private readonly UdpPort _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<IPEndPoint, int> _senders = new();
    private readonly Task _serving;
    private int _received;

    /// <param name="serve">Called for each datagram; the next one waits until it is done.</param>
    /// <param name="listen">By default a free port of 127.0.0.1.</param>
    public UdpTarget(Func<UdpPort, Datagram, Task> serve, IPEndPoint? listen = null)
    {
        _port = new UdpPort(_stop.Token, listen);
        _serving = ServeAsync(serve);
    }

    public IPEndPoint EndPoint => _port.EndPoint;

    /// <summary>Datagrams that have reached it.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Who has sent them: one reply port each.</summary>
    public ICollection<IPEndPoint> Senders => _senders.Keys;

    /// <summary>Sends back what comes.</summary>
    public static UdpTarget Echo(IPEndPoint? listen = null) =>
        new((port, datagram) => port.SendAsync(datagram.Bytes, datagram.From), listen);

    /// <summary>Takes what comes and answers nothing.</summary>
    public static UdpTarget Sink() => new((_, _) => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _port.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<UdpPort, Datagram, Task> serve)
    {
        try
        {
            while (true)
            {
                Datagram datagram = await _port.ReceiveAsync();
                _senders.AddOrUpdate(datagram.From, 1, (_, count) => count + 1);
                Interlocked.Increment(ref _received);
                await serve(_port, datagram);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
