using System.Diagnostics;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// One open-loop stream: sends each request when it is due, also when earlier ones are not back; every byte of the echoes is compared.
/// Latency is counted from when a request was to be sent, not from when it could be.
/// </summary>
internal sealed class OpenLoopStream(int index, Socket socket, int requestSize, RequestSchedule schedule, OpenLoopBook book)
{
    private long _due;
    private long _sentBytes;
    private long _echoedBytes;
    private long _movedAt = Stopwatch.GetTimestamp();
    private bool _hasShutDown;

    public nint Handle => socket.Handle;

    /// <summary>Sends what is due by now, as far as the socket takes it; called again and again, so that nothing else waits for the socket.</summary>
    /// <param name="due">Requests of this stream, since its start.</param>
    public void Send(long due)
    {
        if (_echoedBytes == _due * requestSize)
        {
            _movedAt = Stopwatch.GetTimestamp();
        }

        _due = due;
        while (_sentBytes < _due * requestSize)
        {
            int wanted = (int)Math.Min((_due * requestSize) - _sentBytes, BulkPattern.ChunkSize);
            int sent = socket.Send(BulkPattern.From(index, _sentBytes, wanted), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            Check(error);
            CountDelays(_sentBytes / requestSize, (_sentBytes + sent) / requestSize);
            _sentBytes += sent;
        }
    }

    /// <summary>Receives what has come, without waiting.</summary>
    /// <returns>False when the stream has ended as it should.</returns>
    public bool Receive(Span<byte> buffer)
    {
        int received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        Check(error);
        if (received == 0)
        {
            return _hasShutDown ? false : throw new PerfException("the other side ended a stream by itself");
        }

        ReadOnlySpan<byte> echo = buffer[..received];
        if (received > _sentBytes - _echoedBytes || !echo.SequenceEqual(BulkPattern.From(index, _echoedBytes, received)))
        {
            throw new PerfException("an echo is not what was sent");
        }

        long first = _echoedBytes / requestSize;
        _echoedBytes += received;
        long now = Stopwatch.GetTimestamp();
        for (long number = first; number < _echoedBytes / requestSize; number++)
        {
            book.AddAnswered(schedule.IntendedAt(index, number), now);
        }

        _movedAt = now;
        return true;
    }

    /// <exception cref="PerfException">Echoes, or the end, are overdue.</exception>
    public void CheckForStall()
    {
        bool waits = _hasShutDown || _echoedBytes < _sentBytes || _sentBytes < _due * requestSize;
        if (waits && Stopwatch.GetElapsedTime(_movedAt) > LoadSocket.StallLimit)
        {
            throw new PerfException($"a stream waits for its echoes for more than {LoadSocket.StallLimit.TotalSeconds} s");
        }
    }

    /// <summary>
    /// Nothing new is due; shuts down when the last request has gone out whole. Requests that have not gone out yet never will: they count
    /// as unsent.
    /// </summary>
    public void End()
    {
        if (_hasShutDown)
        {
            return;
        }

        long whole = (_sentBytes + requestSize - 1) / requestSize;
        if (whole < _due)
        {
            long now = Stopwatch.GetTimestamp();
            for (long number = whole; number < _due; number++)
            {
                book.AddUnsent(schedule.IntendedAt(index, number), now);
            }
        }

        Send(whole);
        if (_sentBytes == _due * requestSize)
        {
            _hasShutDown = true;
            _movedAt = Stopwatch.GetTimestamp();
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    public void Close() => socket.Dispose();

    private void CountDelays(long first, long end)
    {
        long now = Stopwatch.GetTimestamp();
        for (long number = first; number < end; number++)
        {
            book.AddSent(schedule.IntendedAt(index, number), now);
        }
    }

    private static void Check(SocketError error)
    {
        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }
    }
}
