using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Links;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Application → link. Keeps at most the one receive buffer that was read last: while it waits for credit, for the link or
/// for its turn, the application's socket is not read.
/// </summary>
/// <param name="stream">The stream this is half of.</param>
/// <param name="credit">Bytes the peer takes at first.</param>
internal sealed class SendingHalf(RelayStream stream, int credit)
{
    private SendWindow _window = new(credit);
    private IByteBuffer? _unsent;
    private bool _reading;
    private bool _inputEnded;

    /// <summary>It stands in the scheduler's queue.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>It has bytes and the credit to send some.</summary>
    public bool WantsTurn => _unsent is not null && _window.Available > 0;

    private Link Link => stream.Link;

    /// <summary>Bytes from the application; the buffer's reference moves here.</summary>
    public void OnRead(IByteBuffer buffer)
    {
        if (_unsent is not null)
        {
            buffer.Release();
            throw new InvalidOperationException("a socket delivered bytes while its reading was off");
        }

        _unsent = buffer;
        if (Link.Scheduler.IsFree)
        {
            SendTurn(int.MaxValue);
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

    /// <summary>Sends what waits, as far as credit, the link and the quantum allow.</summary>
    /// <returns>The bytes sent.</returns>
    public int SendTurn(int quantum)
    {
        int left = quantum;
        while (WantsTurn && left > 0 && Link.Writer.CanTakeData)
        {
            IByteBuffer buffer = _unsent!;
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

        if (_unsent is null && _inputEnded)
        {
            stream.SendEnd();
        }

        UpdateReading();
        return quantum - left;
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
    }
}
