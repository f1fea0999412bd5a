using System.Diagnostics;

namespace IgsNetty.Perf.Load;

/// <summary>
/// One connection after another, one at a time: connect, a byte there and back, the other side's end, close. The other side ends
/// first, see <see cref="ConnectTarget"/>.
/// </summary>
/// <param name="address">As <see cref="LinuxSocket"/> takes it.</param>
/// <param name="socks">What is said before the byte, where the address is a SOCKS5 server's; of this call alone.</param>
/// <param name="poller">Of the thread.</param>
/// <param name="book">Of the thread.</param>
/// <param name="control">Of the load run.</param>
internal sealed class ConnectCall(byte[] address, SocksDialogue? socks, ReadinessPoller poller, RoundTripBook book, LoadControl control)
{
    private const int Closed = -1;

    private byte _byte;
    private bool _isSent;
    private bool _isEchoed;
    private bool _beganMeasured;
    private long _startedAt;

    /// <summary>Of the present connection.</summary>
    public int Socket { get; private set; } = Closed;

    public void Begin()
    {
        _byte++;
        _isSent = false;
        _isEchoed = false;
        socks?.Restart();
        _beganMeasured = control.IsMeasuring;
        _startedAt = Stopwatch.GetTimestamp();
        Socket = LinuxSocket.Check(LinuxSocket.OpenStream());
        int result = LinuxSocket.Connect(Socket, address);
        if (result != LinuxSocket.InProgress)
        {
            LinuxSocket.Check(result);
        }

        // On loopback it is connected by now, unless the listener's queue is full.
        TrySend();
        if (_isSent)
        {
            poller.AddReadable(Socket);
        }
        else
        {
            poller.AddWritable(Socket);
        }
    }

    /// <summary>Does what the socket is ready for, without waiting.</summary>
    /// <returns>True when this connection is closed and the next may begin.</returns>
    public bool OnReady()
    {
        if (!_isSent)
        {
            TrySend();
            if (_isSent)
            {
                poller.Watch(Socket, read: true, write: false);
            }

            return false;
        }

        // The end often comes with the byte.
        while (Socket != Closed && Receive())
        {
        }

        return Socket == Closed;
    }

    /// <exception cref="PerfException">The connection takes too long.</exception>
    public void CheckForStall()
    {
        if (Stopwatch.GetElapsedTime(_startedAt) > LoadSocket.StallLimit)
        {
            string missing = _isEchoed ? "end" : !_isSent ? "acceptance" : IsAsking ? "SOCKS5 server's answer" : "echo";
            throw new PerfException($"a connection waits for its {missing} for more than {LoadSocket.StallLimit.TotalSeconds} s");
        }
    }

    public void Close()
    {
        if (Socket != Closed)
        {
            LinuxSocket.Close(Socket);
            Socket = Closed;
        }
    }

    /// <summary>The SOCKS5 server has not connected the target yet.</summary>
    private bool IsAsking => socks is { IsOver: false };

    private void TrySend()
    {
        ReadOnlySpan<byte> message = IsAsking ? socks!.Message : [_byte];
        int sent = LinuxSocket.Send(Socket, message);
        if (sent != LinuxSocket.WouldBlock)
        {
            _isSent = LinuxSocket.Check(sent) == message.Length;
        }
    }

    private bool ReceiveAnswer(SocksDialogue dialogue)
    {
        int received = LinuxSocket.Receive(Socket, dialogue.Room);
        if (received == LinuxSocket.WouldBlock)
        {
            return false;
        }

        if (LinuxSocket.Check(received) == 0)
        {
            throw new PerfException("the SOCKS5 server ended a connection before the target's end");
        }

        if (dialogue.OnReceived(received))
        {
            // A few bytes, with nothing else under way: the system takes them.
            TrySend();
        }

        return true;
    }

    /// <summary>False when there is nothing to receive yet.</summary>
    private bool Receive()
    {
        if (IsAsking)
        {
            return ReceiveAnswer(socks!);
        }

        Span<byte> data = stackalloc byte[2];
        int received = LinuxSocket.Receive(Socket, data);
        if (received == LinuxSocket.WouldBlock)
        {
            return false;
        }

        if (LinuxSocket.Check(received) == 0)
        {
            if (!_isEchoed)
            {
                throw new PerfException("the other side ended a connection before the echo");
            }

            Close();
            book.Add(Stopwatch.GetTimestamp() - _startedAt, _beganMeasured);
            return true;
        }

        if (_isEchoed || received != 1 || data[0] != _byte)
        {
            throw new PerfException("an echo is not what was sent");
        }

        _isEchoed = true;
        return true;
    }
}
