using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using DotNetty.Transport.Channels;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>A transport without a network: the test decides what becomes of each connection. Thread-safe.</summary>
public sealed class FakeTransport : ITransport
{
    private readonly ConcurrentQueue<ConnectAttempt> _attempts = new();
    private readonly Channel<ConnectAttempt> _next = Channel.CreateUnbounded<ConnectAttempt>();

    /// <summary>Answers attempts as they come; null: each waits for the test.</summary>
    public Action<ConnectAttempt>? Answer { get; init; }

    public string Name => "fake";

    public IReadOnlyList<IEventLoop> Loops { get; } = [new ManualEventLoop()];

    /// <summary>All attempts so far.</summary>
    public IReadOnlyList<ConnectAttempt> Attempts => [.. _attempts];

    /// <summary>Completes with the next attempt that no test has seen.</summary>
    public Task<ConnectAttempt> NextAsync() => _next.Reader.ReadAsync().AsTask();

    public IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept) => throw new NotSupportedException();

    public Task<IStreamSocket> ConnectAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        ConnectAttempt attempt = new(address, loop, cancellation);
        _attempts.Enqueue(attempt);
        Answer?.Invoke(attempt);
        _next.Writer.TryWrite(attempt);
        return attempt.Result;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
