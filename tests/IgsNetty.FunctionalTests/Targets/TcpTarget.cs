using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>A TCP server inside the test: serves every connection by one method and keeps what that returns.</summary>
internal sealed class TcpTarget<TResult> : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<Socket, CancellationToken, Task<TResult>> _serve;
    private readonly Channel<Task<TResult>> _served = Channel.CreateUnbounded<Task<TResult>>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _accepted;
    private int _open;

    /// <param name="serve">Owns the socket only while it runs; the target closes it afterwards.</param>
    /// <param name="listen">By default a free port of 127.0.0.1.</param>
    public TcpTarget(Func<Socket, CancellationToken, Task<TResult>> serve, IPEndPoint? listen = null)
    {
        listen ??= new IPEndPoint(IPAddress.Loopback, 0);
        _serve = serve;
        _listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(listen);
        _listener.Listen(1024);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Connections that have reached this server.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that are being served now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What the next connection, in the order of their ends, led to.</summary>
    public async Task<TResult> NextAsync(CancellationToken deadline) => await await _served.Reader.ReadAsync(deadline);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _open);
        socket.NoDelay = true;
        Task<TResult> serving = _serve(socket, _stop.Token);
        await serving.ContinueWith(_ => socket.Dispose(), TaskScheduler.Default);
        Interlocked.Decrement(ref _open);
        _served.Writer.TryWrite(serving);
    }
}
