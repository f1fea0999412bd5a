using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using DotNetty.Transport.Channels;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>A transport without a network: the test decides what becomes of each connection. Thread-safe.</summary>
public sealed class FakeTransport : ITransport
{
    private readonly ConcurrentQueue<ConnectAttempt> _attempts = new();
    private readonly ConcurrentQueue<FakeDatagramSocket> _datagrams = new();
    private readonly Channel<ConnectAttempt> _next = Channel.CreateUnbounded<ConnectAttempt>();

    /// <summary>Answers attempts as they come; null: each waits for the test.</summary>
    public Action<ConnectAttempt>? Answer { get; init; }

    public string Name => "fake";

    public IReadOnlyList<IEventLoop> Loops { get; } = [new ManualEventLoop()];

    /// <summary>All attempts so far.</summary>
    public IReadOnlyList<ConnectAttempt> Attempts => [.. _attempts];

    /// <summary>Completes with the next attempt that no test has seen.</summary>
    public Task<ConnectAttempt> NextAsync() => _next.Reader.ReadAsync().AsTask();

    /// <summary>Nobody ever calls there.</summary>
    public IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept) => new Listener(address);

    public Task<IStreamSocket> ConnectAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        ConnectAttempt attempt = new(address, loop, cancellation);
        _attempts.Enqueue(attempt);
        Answer?.Invoke(attempt);
        _next.Writer.TryWrite(attempt);
        return attempt.Result;
    }

    /// <summary>UDP sockets bound so far, closed ones too.</summary>
    public IReadOnlyList<FakeDatagramSocket> Datagrams => [.. _datagrams];

    /// <summary>What binding a UDP socket fails with; null: it does not.</summary>
    public SocketError? BindError { get; set; }

    /// <summary>A UDP port that is bound cannot be bound again.</summary>
    public bool RefusesBoundPorts { get; set; }

    public IDatagramSocket BindDatagrams(IPEndPoint? address, IEventLoop loop, IDatagramHandler? handler)
    {
        if (BindError is { } error)
        {
            throw new SocketException((int)error);
        }

        address ??= new IPEndPoint(IPAddress.IPv6Any, 0);
        int port = address.Port == 0 ? 40_000 + _datagrams.Count : address.Port;
        if (RefusesBoundPorts && _datagrams.Any(other => !other.IsClosed && other.Address.Port == port))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        FakeDatagramSocket socket = new(new IPEndPoint(address.Address, port), handler);
        _datagrams.Enqueue(socket);
        return socket;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Listener(IPEndPoint address) : IListener
    {
        public IPEndPoint Address => address;

        public void Close()
        {
        }
    }
}
