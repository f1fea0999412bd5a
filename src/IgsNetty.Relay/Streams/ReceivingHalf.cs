using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Link → application. Bytes go straight into the socket; what it does not take waits in the socket's output, or here
/// while there is no socket yet, bounded by the window and counted in the memory budget. Credit goes back as bytes leave.
/// </summary>
/// <param name="stream">The stream this is half of.</param>
/// <param name="credit">Bytes the peer may send at first.</param>
internal sealed class ReceivingHalf(RelayStream stream, int credit)
{
    private ReceiveWindow _window = new(credit);
    private List<IByteBuffer>? _early; // data that came before the socket
    private int _held;                 // bytes counted in the memory budget
    private bool _outputShut;

    private Link Link => stream.Link;

    /// <summary>A piece of a Data frame.</summary>
    public Breach? OnData(IByteBuffer source, int index, int count, bool isLast)
    {
        if (!_window.TryReceive(count))
        {
            return new Breach(GoAwayReason.FlowControlError, $"stream {stream.Id}: more data than there was credit for");
        }

        if (stream.IsResetDue)
        {
            return null; // for an application that has reset
        }

        ReadOnlySpan<byte> bytes = source.Span(index, count);
        int sent = (isLast ? stream.Local?.TrySendLast(bytes) : stream.Local?.TrySend(bytes)) ?? 0;
        if (sent > 0)
        {
            ReturnCredit(sent);
        }

        if (sent < count)
        {
            Hold(source, index + sent, count - sent);
        }

        return null;
    }

    /// <summary>The peer's end, when that has come, is still to be passed on.</summary>
    public bool OwesEnd => !_outputShut;

    /// <summary>Raises the window.</summary>
    /// <returns>The credit to announce.</returns>
    public int Grow(int bytes) => _window.GrowTo(_window.Capacity + bytes);

    /// <summary>The socket is there: what came before it goes out.</summary>
    public void OnAttached(IStreamSocket local)
    {
        List<IByteBuffer>? early = _early;
        _early = null;
        foreach (IByteBuffer held in early ?? [])
        {
            Sent(local.Send(held));
        }

        AfterDrain();
    }

    /// <summary>The socket has taken bytes that waited in its output.</summary>
    public void OnSent(int bytes)
    {
        Sent(bytes);
        AfterDrain();
    }

    /// <summary>When all that came has gone into the socket: passes the peer's end on, and closes when both directions are done.</summary>
    public void AfterDrain()
    {
        if (stream.IsReset || stream.Local is not { PendingBytes: 0 } local || stream.State.Receiving != HalfState.Ended)
        {
            return;
        }

        if (!_outputShut)
        {
            _outputShut = true;
            local.ShutdownOutput();
        }

        if (stream.State.IsClosed)
        {
            Link.Loop.Linger.Remove(stream);
            _ = local.Channel.CloseAsync();
        }
    }

    /// <summary>The stream is over, or its socket is gone: nothing is kept.</summary>
    public void Drop()
    {
        foreach (IByteBuffer held in _early ?? [])
        {
            held.Release();
        }

        _early = null;
        Link.Context.Memory.Release(_held);
        _held = 0;
    }

    private void Hold(IByteBuffer source, int index, int count)
    {
        if (!Link.Context.Memory.TryHold(count))
        {
            if (Link.Context.Throttle.TryPass((nameof(Hold), Link.Peer), out int more))
            {
                RelayLog.OutOfMemory(Link.Context.Logger, Link.Peer, stream.Id, more);
            }

            stream.Reset(ResetReason.OutOfMemory);
            return;
        }

        _held += count;
        IByteBuffer held;
        try
        {
            held = HeldBytes.Take(source, index, count);
        }
        catch (OutOfMemoryException)
        {
            stream.ResetForMemory(); // this stream alone: the link carries others
            return;
        }

        if (stream.Local is { } local)
        {
            Sent(local.Send(held));
        }
        else
        {
            (_early ??= []).Add(held);
        }
    }

    private void Sent(int bytes)
    {
        if (bytes > 0)
        {
            _held -= bytes;
            Link.Context.Memory.Release(bytes);
            ReturnCredit(bytes);
        }
    }

    private void ReturnCredit(int bytes)
    {
        Link.Loop.Totals.BytesFromLinks += bytes;
        if (stream.State.Receiving != HalfState.Open)
        {
            return;
        }

        int grant = _window.Consume(bytes);
        if (grant > 0)
        {
            if (!Link.Context.Memory.IsUnderPressure)
            {
                grant += _window.GrowTo(_window.Wanted(Link.Now, Link.RoundTripForWindows(), Link.Context.Pipeline));
            }

            Link.Writer.WriteWindowUpdate(stream.Id, grant);
        }
    }
}
