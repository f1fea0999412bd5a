using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Sink and source of bulk streams (a <see cref="BulkRequest"/> tells which): a blocking socket and a thread a call.</summary>
internal sealed class BulkTarget : ITarget
{
    private const int ReceiveSize = 128 * 1024;
    private const int StackSize = 256 * 1024;

    private readonly Socket _listener;
    private long _bytesReceived;

    /// <param name="address">Null: any free port.</param>
    public BulkTarget(IPEndPoint? address)
    {
        _listener = LoopbackSocket.Listen(address);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true, Name = "bulk target" }.Start();
    }

    public string Name => TargetNames.Bulk;

    public IPEndPoint Address { get; }

    /// <summary>Bytes of all uploads since the start.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoopbackSocket.Connect(address);
        new BulkRequest(BulkDirection.Upload, Stream: 0).Open(socket);
        socket.Shutdown(SocketShutdown.Send);
        Span<byte> answer = stackalloc byte[BulkRequest.AnswerSize];
        LoopbackSocket.ReceiveExactly(socket, answer);
        LoopbackSocket.ReceiveEnd(socket);
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
            LoopbackSocket.Prepare(call);
            BulkRequest request = BulkRequest.Accept(call);
            long answer = request.Direction == BulkDirection.Upload ? Sink(call, request.Stream) : Source(call, request.Stream);
            BulkRequest.SendAnswer(call, answer);
            call.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or PerfException)
        {
            // The client misses the answer and fails the run; a reset shows it at once.
            call.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }

    private long Sink(Socket socket, int stream)
    {
        byte[] buffer = new byte[ReceiveSize];
        long received = 0;
        long? wrong = null;
        for (int count; (count = socket.Receive(buffer)) > 0; received += count)
        {
            Interlocked.Add(ref _bytesReceived, count);
            if (wrong is null && !BulkPattern.Matches(stream, received, buffer.AsSpan(0, count)))
            {
                wrong = received;
            }
        }

        return wrong is null ? received : -1 - wrong.Value;
    }

    private static long Source(Socket socket, int stream)
    {
        long sent = 0;

        // The client never sends anything after its request, so readable means that it has shut down.
        while (!socket.Poll(0, SelectMode.SelectRead))
        {
            sent += socket.Send(BulkPattern.From(stream, sent));
        }

        LoopbackSocket.ReceiveEnd(socket);
        return sent;
    }
}
