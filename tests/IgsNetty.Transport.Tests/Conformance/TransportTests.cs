using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// What all suites share. A suite derives from it, a transport's tests derive from the suites and only say how to make
/// that transport; no suite knows which one it runs on. Every test ends with all channels closed, all buffers back in the
/// pool, and no complaint of DotNetty's.
/// </summary>
public abstract class TransportTests : IAsyncLifetime
{
    private protected const int Headroom = 8;
    private protected const int MostReceiveBytes = 64 * 1024;

    private readonly List<Connection> _connections = [];
    private readonly List<Func<Task>> _ends = [];
    private readonly List<Socket> _sockets = [];
    private ITransport? _transport;
    private Connection? _heartbeat;

    private protected ITransport Transport => _transport!;

    private protected IEventLoop Loop => Transport.Loops[0];

    private protected CountedPool Pool { get; } = new();

    private protected TestLog Log { get; } = new();

    /// <summary>What the transport's receive buffers take for shortness of memory.</summary>
    private protected bool IsMemoryShort { get; set; }

    /// <inheritdoc cref="TransportSetup.UnreadPatience"/>
    private protected virtual TimeSpan? UnreadPatience => null;

    public Task InitializeAsync()
    {
        _ = DotNettyLog.Instance.Take();
        ReceiveBuffers receiveBuffers = new(Headroom, MostReceiveBytes, underPressure: () => IsMemoryShort);
        _transport = CreateTransport(new TransportSetup(2, Pool.Allocator, receiveBuffers, Log) { UnreadPatience = UnreadPatience });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        try
        {
            foreach (Func<Task> end in _ends)
            {
                await end();
            }

            foreach (Connection connection in _connections)
            {
                await connection.CloseAsync();
                connection.Probe.AssertOnLoopOnly();
            }
        }
        finally
        {
            _connections.ForEach(connection => connection.Peer.Dispose());
            _sockets.ForEach(socket => socket.Dispose());
            await Transport.DisposeAsync().AsTask().InTime("the loops' end");
        }

        await Pool.AssertAllBackAsync(); // a loop may have kept one buffer until here
        string complaints = string.Join(Environment.NewLine, DotNettyLog.Instance.Take());
        Assert.True(complaints.Length == 0, complaints); // shown whole when there are any
    }

    protected abstract ITransport CreateTransport(TransportSetup setup);

    private protected static IPEndPoint Loopback(IPAddress? address = null) => new(address ?? IPAddress.Loopback, 0);

    /// <summary>Runs when the test has ended, before it is judged.</summary>
    private protected void AtEnd(Action end) => _ends.Add(() => Task.Run(end));

    private protected void AtEndAsync(Func<Task> end) => _ends.Add(end);

    private protected IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept)
    {
        IListener listener = Transport.Listen(address, accept);
        AtEnd(listener.Close);
        return listener;
    }

    /// <summary>A plain socket that is closed with the test.</summary>
    private protected Socket PlainSocket(AddressFamily family = AddressFamily.InterNetwork)
    {
        Socket socket = new(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>A plain socket that listens.</summary>
    private protected Socket PlainListener(IPAddress? address = null)
    {
        IPEndPoint local = Loopback(address);
        Socket listener = PlainSocket(local.AddressFamily);
        listener.Bind(local);
        listener.Listen();
        return listener;
    }

    private protected Task<Connection> ConnectAsync(Origin origin, IPAddress? address = null, IEventLoop? loop = null, int peerBuffer = 0) =>
        origin == Origin.Accepted ? AcceptAsync(address, loop, peerBuffer) : DialAsync(address, loop, peerBuffer);

    private protected async Task<Connection> AcceptAsync(IPAddress? address = null, IEventLoop? loop = null, int peerBuffer = 0)
    {
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(address), (socket, _) => accepted.SetResult(socket));
        Socket peer = PlainSocket(listener.Address.AddressFamily);
        LimitBuffer(peer, peerBuffer);
        await peer.ConnectAsync(listener.Address).InTime();
        Connection connection = await RegisterAsync(await accepted.Task.InTime("an accepted socket"), new Peer(peer), loop);
        listener.Close();
        return connection;
    }

    private protected async Task<Connection> DialAsync(IPAddress? address = null, IEventLoop? loop = null, int peerBuffer = 0)
    {
        using Socket listener = PlainListener(address);
        LimitBuffer(listener, peerBuffer);
        Task<Socket> accepting = listener.AcceptAsync();
        IStreamSocket socket = await Transport.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, loop ?? Loop, CancellationToken.None).InTime();
        Socket peer = await accepting.InTime();
        peer.NoDelay = true;
        _sockets.Add(peer);
        Connection connection = new(socket, new Probe(), new Peer(peer));
        await connection.Loop.CallAsync(() => { connection.Channel.Pipeline.AddLast(connection.Probe); });
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Gives an accepted socket a probe and a loop.</summary>
    private protected async Task<Connection> RegisterAsync(IStreamSocket socket, Peer peer, IEventLoop? loop = null)
    {
        Connection connection = new(socket, new Probe(), peer);
        socket.Channel.Pipeline.AddLast(connection.Probe);
        await (loop ?? Loop).RegisterAsync(socket.Channel).InTime();
        _connections.Add(connection);
        return connection;
    }

    /// <summary>
    /// Waits until whatever the loop had to do with other sockets has had its chance: bytes have gone to and fro over one
    /// of its own, several times. What a test says did not happen, did not happen by then.
    /// </summary>
    private protected async Task SettleAsync()
    {
        _heartbeat ??= await DialAsync();
        await _heartbeat.SetReadingAsync(true);
        for (int i = 0; i < 5; i++)
        {
            long before = _heartbeat.Probe.ReceivedBytes;
            await _heartbeat.Peer.SendAsync(new byte[1]);
            await _heartbeat.Probe.UntilReceivedAsync(before + 1);
            await Loop.CallAsync(() => _heartbeat.Socket.Send(Pool.Holding(new byte[1])));
            await _heartbeat.Peer.ReceiveAsync(1);
        }
    }

    /// <summary>Sends from the transport's side and from the peer's; both must come whole.</summary>
    private protected async Task AssertWorksAsync(Connection connection, int seed = 7)
    {
        byte[] bytes = Bytes.Random(1000, seed);
        int before = (int)connection.Probe.ReceivedBytes;
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(bytes);
        await connection.Probe.UntilReceivedAsync(before + bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received.AsMemory(before));
        await SendAsync(connection, bytes);
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
    }

    /// <summary>Sends a buffer of the pool.</summary>
    /// <returns>What went at once.</returns>
    private protected Task<int> SendAsync(Connection connection, byte[] bytes) =>
        connection.Loop.CallAsync(() => connection.Socket.Send(Pool.Holding(bytes)));

    /// <summary>A connection whose peer has read nothing, with far more pending than the kernel has room for.</summary>
    /// <returns>The connection and everything that was sent.</returns>
    private protected async Task<(Connection Connection, byte[] Sent)> CongestAsync(Origin origin, int queued = 300_000)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        connection.LimitSendBuffer(32 * 1024);
        int filled = await connection.FillAsync(Bytes.Bulk);
        byte[] sent = Bytes.Bulk[..(filled + queued)];
        await SendAsync(connection, sent[filled..]);
        Assert.InRange(await Loop.CallAsync(() => connection.Socket.PendingBytes), 1, queued);
        return (connection, sent);
    }

    private static void LimitBuffer(Socket socket, int bytes)
    {
        if (bytes > 0)
        {
            socket.ReceiveBufferSize = bytes;
        }
    }
}
