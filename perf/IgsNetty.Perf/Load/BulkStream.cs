using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// The client's end of one bulk stream: a blocking socket, and a thread for each way that it carries bytes. Owns the socket.
/// </summary>
internal sealed class BulkStream(Socket socket, BulkRequest request, ReaderGate gate, LoadControl control) : IDisposable
{
    private const int ReceiveSize = 128 * 1024;
    private const int StackSize = 256 * 1024;

    private long _sent;
    private long _received;

    /// <summary>Pattern bytes that arrived here so far, give or take the last few; read from any thread.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Asks the target, and waits until it has accepted.</summary>
    public void Open() => request.Open(socket);

    /// <summary>Sends and receives on this thread, and on another one where both happen at once, until both ends have ended.</summary>
    public void Run()
    {
        if (!request.TargetSends)
        {
            Send();
            Receive();
        }
        else if (!request.ClientSends)
        {
            Receive();
        }
        else
        {
            Thread sender = new(SendBeside, StackSize) { IsBackground = true, Name = "bulk sender" };
            sender.Start();
            Receive();
            sender.Join();
        }
    }

    public void Dispose() => socket.Dispose();

    private void SendBeside()
    {
        try
        {
            Send();
        }
        catch (Exception e)
        {
            control.Fail(e);
        }
    }

    /// <summary>Sends until the load run ends, and shuts down.</summary>
    private void Send()
    {
        while (!control.IsEnding)
        {
            int sent = socket.Send(BulkPattern.From(request.Stream, _sent));
            Interlocked.Add(ref _sent, sent);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Receives until the target ends, and compares what both counted. A stream that only receives is shut down here.</summary>
    private void Receive()
    {
        byte[] buffer = new byte[BulkAnswer.Size + ReceiveSize];
        Span<byte> tail = buffer.AsSpan(0, BulkAnswer.Size);
        Span<byte> chunk = buffer.AsSpan(BulkAnswer.Size);
        bool hasShutDown = false;
        gate.Pass(request.Stream);
        for (int count; (count = socket.Receive(chunk)) > 0; Interlocked.Add(ref _received, count))
        {
            // The stream's last bytes are the answer and not the pattern; only its end tells, so no chunk's last bytes are compared.
            if (!BulkPattern.Matches(request.Stream, _received, chunk[..Math.Max(0, count - BulkAnswer.Size)]))
            {
                throw new PerfException($"what was received near byte {_received} is not what the target sent");
            }

            // The buffer begins with the last bytes received before this chunk, for an answer that arrives in pieces.
            buffer.AsSpan(count, BulkAnswer.Size).CopyTo(tail);
            if (control.IsEnding && !request.ClientSends && !hasShutDown)
            {
                socket.Shutdown(SocketShutdown.Send);
                hasShutDown = true;
            }

            gate.Pass(request.Stream);
        }

        if (!control.IsEnding || _received < BulkAnswer.Size)
        {
            throw new PerfException($"the stream ended by itself after {_received} bytes");
        }

        BulkAnswer.Read(tail).Check(Interlocked.Read(ref _sent), _received - BulkAnswer.Size);
    }
}
