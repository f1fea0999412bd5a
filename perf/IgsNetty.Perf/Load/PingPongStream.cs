using System.Diagnostics;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One ping-pong stream: at most one request under way, every byte of its answer compared.</summary>
internal sealed class PingPongStream
{
    private readonly Socket _socket;
    private readonly ReadinessPoller _poller;
    private readonly RoundTripBook _book;
    private readonly LoadControl _control;
    private readonly Exchange _exchange;
    private int _sent;
    private int _answered;
    private int _number;
    private long _sentAt;
    private bool _beganMeasured;
    private bool _waitsToSend;
    private bool _hasShutDown;

    public PingPongStream(Socket socket, ReadinessPoller poller, Exchange exchange, RoundTripBook book, LoadControl control)
    {
        _socket = socket;
        _poller = poller;
        _book = book;
        _control = control;
        _exchange = exchange;
    }

    public void Begin()
    {
        if (_exchange.IsEcho)
        {
            // Another byte in each message: an old one echoed twice does not match.
            _exchange.Request[_number++ % _exchange.Request.Length]++;
        }

        _sent = 0;
        _answered = 0;
        _beganMeasured = _control.IsMeasuring;
        _sentAt = Stopwatch.GetTimestamp();
        SendRest();
    }

    /// <summary>Does what the socket is ready for, without waiting.</summary>
    /// <param name="buffer">Shared by the streams of one thread.</param>
    /// <returns>False when the stream has ended as it should.</returns>
    public bool OnReady(byte[] buffer)
    {
        if (_waitsToSend)
        {
            SendRest();
        }

        int received = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        Check(error);
        if (received == 0)
        {
            return _hasShutDown ? false : throw new PerfException("the other side ended a stream by itself");
        }

        OnAnswer(buffer.AsSpan(0, received));
        return true;
    }

    /// <exception cref="PerfException">The answer is overdue.</exception>
    public void CheckForStall()
    {
        if (Stopwatch.GetElapsedTime(_sentAt) > LoadSocket.StallLimit)
        {
            string missing = _hasShutDown ? "end" : $"answer ({_answered} of {_exchange.Answer.Length} bytes came)";
            throw new PerfException($"a stream waits for its {missing} for more than {LoadSocket.StallLimit.TotalSeconds} s");
        }
    }

    public void Close() => _socket.Dispose();

    private void OnAnswer(ReadOnlySpan<byte> answer)
    {
        int due = _exchange.IsEcho ? _sent : _sent == _exchange.Request.Length ? _exchange.Answer.Length : 0;
        if (_hasShutDown || answer.Length > due - _answered || !answer.SequenceEqual(_exchange.Answer.AsSpan(_answered, answer.Length)))
        {
            throw new PerfException(_exchange.IsEcho ? "an echo is not what was sent" : "an answer is not the one to the request");
        }

        _answered += answer.Length;
        if (_answered < _exchange.Answer.Length)
        {
            return;
        }

        long now = Stopwatch.GetTimestamp();
        _book.Add(now - _sentAt, _beganMeasured);
        if (_control.IsEnding)
        {
            _sentAt = now;
            _hasShutDown = true;
            _socket.Shutdown(SocketShutdown.Send);
        }
        else
        {
            Begin();
        }
    }

    private void SendRest()
    {
        int sent = _socket.Send(_exchange.Request.AsSpan(_sent), SocketFlags.None, out SocketError error);
        if (error != SocketError.WouldBlock)
        {
            Check(error);
        }

        _sent += sent;
        bool waits = _sent < _exchange.Request.Length;
        if (waits != _waitsToSend)
        {
            _waitsToSend = waits;
            _poller.Watch(_socket, read: true, write: waits);
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
