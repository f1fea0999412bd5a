using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One-way streams at full speed: a blocking socket and a thread each.</summary>
/// <param name="address">Where to connect: the target, or a relay that leads to it.</param>
/// <param name="direction">Which way the bytes go.</param>
/// <param name="streams">How many streams.</param>
/// <param name="target">Counts what arrives in uploads.</param>
internal sealed class BulkLoad(IPEndPoint address, BulkDirection direction, int streams, BulkTarget target) : ILoad
{
    private const int ReceiveSize = 128 * 1024;

    private long _received;

    public int Threads => streams;

    public long Count => direction == BulkDirection.Upload ? target.BytesReceived : Interlocked.Read(ref _received);

    public void RunThread(int thread, LoadControl control)
    {
        using Socket socket = LoopbackSocket.Connect(address);
        new BulkRequest(direction, thread).Open(socket);
        control.AwaitAllConnected();
        if (direction == BulkDirection.Upload)
        {
            Upload(socket, thread, control);
        }
        else
        {
            Download(socket, thread, control);
        }
    }

    private static void Upload(Socket socket, int stream, LoadControl control)
    {
        long sent = 0;
        while (!control.IsEnding)
        {
            sent += socket.Send(BulkPattern.From(stream, sent));
        }

        socket.Shutdown(SocketShutdown.Send);
        Span<byte> answer = stackalloc byte[BulkRequest.AnswerSize];
        LoopbackSocket.ReceiveExactly(socket, answer);
        LoopbackSocket.ReceiveEnd(socket);
        long counted = BulkRequest.ReadAnswer(answer);
        if (counted < 0)
        {
            throw new PerfException($"what the target received near byte {-1 - counted} is not what was sent");
        }

        CheckCount(sent, counted);
    }

    private void Download(Socket socket, int stream, LoadControl control)
    {
        byte[] buffer = new byte[BulkRequest.AnswerSize + ReceiveSize];
        Span<byte> tail = buffer.AsSpan(0, BulkRequest.AnswerSize);
        Span<byte> chunk = buffer.AsSpan(BulkRequest.AnswerSize);
        long received = 0;
        bool hasShutDown = false;
        for (int count; (count = socket.Receive(chunk)) > 0; received += count)
        {
            Interlocked.Add(ref _received, count);

            // The stream's last bytes are the answer and not the pattern; only its end tells, so no chunk's last bytes are compared.
            if (!BulkPattern.Matches(stream, received, chunk[..Math.Max(0, count - BulkRequest.AnswerSize)]))
            {
                throw new PerfException($"what was received near byte {received} is not what the target sent");
            }

            // The buffer begins with the last bytes received before this chunk, for an answer that arrives in pieces.
            buffer.AsSpan(count, BulkRequest.AnswerSize).CopyTo(tail);
            if (control.IsEnding && !hasShutDown)
            {
                socket.Shutdown(SocketShutdown.Send);
                hasShutDown = true;
            }
        }

        if (!hasShutDown || received < BulkRequest.AnswerSize)
        {
            throw new PerfException($"the stream ended by itself after {received} bytes");
        }

        CheckCount(BulkRequest.ReadAnswer(tail), received - BulkRequest.AnswerSize);
    }

    private static void CheckCount(long sent, long received)
    {
        if (sent != received)
        {
            throw new PerfException($"{sent} bytes were sent, {received} received");
        }
    }
}
