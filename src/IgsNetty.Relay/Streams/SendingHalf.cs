using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Links;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Application → link. While there is no credit, or the link is full or others' turns come first, the application's bytes stay
/// in its socket. What was read all the same (a part of a buffer, or all that a transport without a gate reads) waits here: one buffer at most.
/// </summary>
/// <param name="stream">The stream this is half of.</param>
/// <param name="credit">Bytes the peer takes at first.</param>
internal sealed class SendingHalf(RelayStream stream, int credit) : IReadGate
{
    private SendWindow _window = new(credit);
    private IByteBuffer? _unsent;
    private bool _reading;
    private bool _inputEnded;

    // Its socket has bytes that it was told not to read.
    private bool _isReadHeld;

    // Bytes that may still be sent in the turn it has; 0: it has none.
    private int _turnLeft;

    /// <summary>It stands in the scheduler's queue.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>It has bytes and the credit to send some.</summary>
    public bool WantsTurn => (_unsent is not null || _isReadHeld) && _window.Available > 0;

    /// <summary>Bytes of the application that wait here.</summary>
    public int UnsentBytes => _unsent?.ReadableBytes ?? 0;

    private Link Link => stream.Link;

    int IReadGate.OnReadable()
    {
        int limit =
            _turnLeft > 0 ? Link.Writer.CanTakeData ? _turnLeft : 0
            : Link.Scheduler.IsFree ? int.MaxValue
            : 0;
        _isReadHeld = limit == 0;
        if (_isReadHeld)
        {
            Link.Scheduler.Enqueue(this);
        }

        return Math.Min(limit, _window.Available);
    }

    /// <summary>Bytes from the application; the buffer's reference moves here.</summary>
    public void OnRead(IByteBuffer buffer)
    {
        if (_unsent is not null)
        {
            buffer.Release();
            throw new InvalidOperationException("a socket delivered bytes while its reading was off");
        }

        _unsent = buffer;
        if (_turnLeft > 0)
        {
            _turnLeft -= Send(_turnLeft);
        }
        else if (Link.Scheduler.IsFree)
        {
            Send(int.MaxValue);
        }

        if (WantsTurn)
        {
            Link.Scheduler.Enqueue(this);
        }

        UpdateReading();
    }

    /// <summary>The application's FIN: the end goes out behind what waits.</summary>
    public void OnInputEnd()
    {
        _inputEnded = true;
        if (_unsent is null)
        {
            stream.SendEnd();
        }
    }

    /// <summary>More credit from the peer.</summary>
    public Breach? AddCredit(int increment)
    {
        if (!_window.TryAdd(increment))
        {
            return new Breach(GoAwayReason.FlowControlError, $"stream {stream.Id}: credit over 2^31 - 1");
        }

        if (WantsTurn)
        {
            Link.Scheduler.Enqueue(this);
            Link.Scheduler.Run();
        }
        else
        {
            UpdateReading();
        }

        return null;
    }

    /// <summary>Sends what waits here and in the socket, as far as credit, the link and the quantum allow.</summary>
    /// <returns>The bytes sent.</returns>
    public int SendTurn(int quantum)
    {
        _turnLeft = quantum - Send(quantum);
        if (_unsent is null && _inputEnded)
        {
            stream.SendEnd();
        }

        if (_unsent is null && stream.IsResetDue)
        {
            stream.Reset(ResetReason.ConnectionReset);
        }

        UpdateReading();
        if (_isReadHeld && _turnLeft > 0)
        {
            _isReadHeld = false;
            stream.Local?.ReadNow();
        }

        int sent = quantum - _turnLeft;
        _turnLeft = 0;
        return sent;
    }

    /// <summary>Turns the application's reading on while what is read can be sent, off otherwise.</summary>
    public void UpdateReading()
    {
        bool reading = _unsent is null && _window.Available > 0 && !_inputEnded && stream.State.Sending == HalfState.Open;
        if (reading != _reading && stream.Local is { } local)
        {
            _reading = reading;
            local.Channel.Configuration.AutoRead = reading;
        }
    }

    /// <summary>The stream is over: nothing is kept.</summary>
    public void Drop()
    {
        _unsent?.Release();
        _unsent = null;
        _isReadHeld = false;
    }

    private int Send(int most)
    {
        int left = most;
        while (_unsent is { } buffer && _window.Available > 0 && left > 0 && Link.Writer.CanTakeData)
        {
            int count = Math.Min(Math.Min(buffer.ReadableBytes, _window.Available), Math.Min(left, Link.MaxSendPayload));
            if (count == buffer.ReadableBytes)
            {
                _unsent = null;
            }

            _window.Consume(count);
            left -= count;
            Link.Loop.Totals.BytesToLinks += count;
            Link.Writer.WriteData(stream.Id, buffer, count);
        }

        return most - left;
    }
}
