using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Sink and source of bulk streams (a <see cref="BulkRequest"/> tells which): a blocking socket and a thread a call.</summary>
internal sealed class BulkTarget : ITarget
{
    /// <summary>At a time: each has threads here and in the load generator.</summary>
    public const int MostStreams = 1024;

    private const int ReceiveSize = 128 * 1024;
    private const int StackSize = 256 * 1024;

    private readonly Socket _listener;
    private readonly long[] _received = new long[MostStreams];

    /// <param name="address">Null: any free port.</param>
    public BulkTarget(IPEndPoint? address)
        : this(LoadSocket.Listen(address))
    {
    }

    /// <param name="listener">From here on it belongs to the target.</param>
    public BulkTarget(Socket listener)
    {
        _listener = listener;
        Address = LoadSocket.AddressOf(listener);
        new Thread(Accept) { IsBackground = true, Name = "bulk target" }.Start();
    }

    public string Name => TargetNames.Bulk;

    public IPEndPoint Address { get; }

    /// <summary>Every reader of a bulk stream passes it, here and in the load generator.</summary>
    public ReaderGate Gate { get; } = new();

    /// <summary>Bytes of all clients since the start.</summary>
    public long BytesReceived => Enumerable.Range(0, MostStreams).Sum(BytesReceivedOn);

    /// <summary>Bytes since the start on streams of this number, of whichever load run.</summary>
    public long BytesReceivedOn(int stream) => Interlocked.Read(ref _received[stream]);

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoadSocket.Connect(address);
        new BulkRequest(BulkDirection.Upload, Stream: 0).Open(socket);
        socket.Shutdown(SocketShutdown.Send);
        Span<byte> answer = stackalloc byte[BulkAnswer.Size];
        LoadSocket.ReceiveExactly(socket, answer);
        LoadSocket.ReceiveEnd(socket);
        BulkAnswer.Read(answer).Check(sentByClient: 0, receivedByClient: 0);
    }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            new Thread(() => Serve(socket), StackSize) { IsBackground = true, Name = "bulk target call" }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using Socket call = socket;
        try
        {
            LoadSocket.Prepare(call);
            BulkRequest request = BulkRequest.Accept(call);
            call.Send(Carry(call, request).ToBytes());
            call.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or PerfException)
        {
            // The client misses the answer and fails the run; a reset shows it at once.
            call.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }

    private BulkAnswer Carry(Socket call, BulkRequest request)
    {
        switch (request.Direction)
        {
            case BulkDirection.Upload:
                return new BulkAnswer(Sink(call, request.Stream), Sent: 0);
            case BulkDirection.Download:
                // The client never sends anything after its request, so readable means that it has shut down.
                long sent = Source(call, request.Stream, () => call.Poll(0, SelectMode.SelectRead));
                LoadSocket.ReceiveEnd(call);
                return new BulkAnswer(Received: 0, sent);
            default:
                using (CancellationTokenSource clientHasEnded = new())
                {
                    Task<long> source = Task.Factory.StartNew(
                        () => Source(call, request.Stream, () => clientHasEnded.IsCancellationRequested), TaskCreationOptions.LongRunning);
                    long received;
                    try
                    {
                        received = Sink(call, request.Stream);
                    }
                    finally
                    {
                        clientHasEnded.Cancel();
                    }

                    return new BulkAnswer(received, source.GetAwaiter().GetResult());
                }
        }
    }

    private long Sink(Socket socket, int stream)
    {
        byte[] buffer = new byte[ReceiveSize];
        long received = 0;
        long? wrong = null;
        Gate.Pass(stream);
        for (int count; (count = socket.Receive(buffer)) > 0; received += count)
        {
            Interlocked.Add(ref _received[stream], count);
            if (wrong is null && !BulkPattern.Matches(stream, received, buffer.AsSpan(0, count)))
            {
                wrong = received;
            }

            Gate.Pass(stream);
        }

        return wrong is null ? received : -1 - wrong.Value;
    }

    private static long Source(Socket socket, int stream, Func<bool> isOver)
    {
        long sent = 0;
        while (!isOver())
        {
            sent += socket.Send(BulkPattern.From(stream, sent));
        }

        return sent;
    }
}
