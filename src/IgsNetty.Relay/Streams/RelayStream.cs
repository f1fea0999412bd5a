using DotNetty.Buffers;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// A TCP call on a link: joins the stream's state and windows to a local socket. Lives on the link's loop, as its socket
/// does. Bytes that cannot go on at once wait in one place each way: towards the link the one receive buffer that was
/// read last (then reading stops), towards the socket in the socket's output, bounded by the window.
/// </summary>
public sealed class RelayStream : IByteOutputListener, ILocalSide, ILingering
{
    private readonly IStreamOwner? _owner;
    private StreamState _state;
    private SendWindow _send;
    private ReceiveWindow _receive;
    private IStreamSocket? _local;
    private IByteBuffer? _unsent;
    private List<IByteBuffer>? _early; // data that came before the local socket
    private int _held;                 // bytes counted in the memory budget
    private bool _reading;
    private bool _localEnded;
    private bool _shutdownDone;

    internal RelayStream(Link link, uint id, StreamState state, int sendCredit, int receiveCredit, IStreamOwner? owner)
    {
        Link = link;
        Id = id;
        _state = state;
        _send = new SendWindow(sendCredit);
        _receive = new ReceiveWindow(receiveCredit);
        _owner = owner;
    }

    /// <summary>The link that carries the stream.</summary>
    public Link Link { get; }

    /// <summary>Its ID there.</summary>
    public uint Id { get; }

    /// <inheritdoc/>
    long ILingering.LastActivity => LastActivity;

    internal bool IsScheduled { get; set; }

    internal bool WantsTurn => _unsent is not null && _send.Available > 0;

    internal bool IsClosed => _state.IsClosed;

    private long LastActivity { get; set; }

    /// <summary>Joins the application's socket, whose reading is off, and starts to relay.</summary>
    /// <param name="local">Registered on this link's loop. Moves here: it is closed or reset as the stream ends.</param>
    /// <param name="first">Bytes already read from it, or null; the reference moves here.</param>
    public void Attach(IStreamSocket local, IByteBuffer? first = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        if (_state.IsClosed)
        {
            first?.Release();
            local.Abort();
            return;
        }

        _local = local;
        local.OutputListener = this;
        local.Channel.Pipeline.AddLast(LocalStreamHandler.Name, new LocalStreamHandler(this));
        DeliverEarly(local);
        if (first is not null && first.IsReadable())
        {
            OnRead(first);
        }
        else
        {
            first?.Release();
        }

        if (!local.Channel.Active)
        {
            OnLost(null);
        }
        else
        {
            UpdateReading();
        }
    }

    /// <summary>Ends the stream in both directions and tells the other side why.</summary>
    public void Reset(ResetReason reason)
    {
        if (!_state.IsClosed && _state.TryApply(StreamEvent.ResetSent, out _state))
        {
            Link.Writer.WriteResetStream(Id, reason);
            Terminate(reason);
        }
    }

    /// <summary>Called side: the target answered. Tells the opener and joins the socket.</summary>
    internal void Accept(IStreamSocket target, int windowGrant)
    {
        if (!_state.TryApply(StreamEvent.OpenedSent, out _state) || _state.IsClosed)
        {
            target.Abort();
            return;
        }

        TargetAddress? bound = target.Channel.LocalAddress is System.Net.IPEndPoint address ? TargetAddress.FromEndPoint(address) : null;
        Link.Writer.WriteStreamOpened(Id, new StreamOpened(_receive.GrowTo(_receive.Capacity + windowGrant), bound));
        Attach(target);
    }

    /// <summary>Calling side: the called side has its connection.</summary>
    internal Breach? OnOpened(StreamOpened opened)
    {
        if (!_state.TryApply(StreamEvent.OpenedReceived, out _state))
        {
            return NotAllowed("StreamOpened");
        }

        if (AddCredit(opened.Window) is { } breach)
        {
            return breach;
        }

        _owner?.OnOpened(this, opened);
        return null;
    }

    internal Breach? OnData(IByteBuffer source, int index, int count)
    {
        if (!_state.TryApply(StreamEvent.DataReceived, out _state))
        {
            return NotAllowed("Data");
        }

        if (!_receive.TryReceive(count))
        {
            return new Breach(GoAwayReason.FlowControlError, $"stream {Id}: more data than there was credit for");
        }

        LastActivity = Environment.TickCount64;
        int sent = _local?.TrySend(source.Span(index, count)) ?? 0;
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

    internal Breach? OnEndOfStream()
    {
        if (!_state.TryApply(StreamEvent.EndReceived, out _state))
        {
            return NotAllowed("EndOfStream");
        }

        AfterHalfEnd();
        AfterDrain();
        return null;
    }

    internal void OnReset(ResetReason reason)
    {
        if (!_state.IsClosed && _state.TryApply(StreamEvent.ResetReceived, out _state))
        {
            Terminate(reason);
        }
    }

    internal Breach? AddCredit(int increment)
    {
        if (!_send.TryAdd(increment))
        {
            return new Breach(GoAwayReason.FlowControlError, $"stream {Id}: credit over 2^31 - 1");
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
    internal void SendTurn(int quantum)
    {
        while (WantsTurn && quantum > 0 && Link.Writer.CanTakeData)
        {
            IByteBuffer buffer = _unsent!;
            int count = Math.Min(Math.Min(buffer.ReadableBytes, _send.Available), Math.Min(quantum, Link.MaxSendPayload));
            if (count == buffer.ReadableBytes)
            {
                _unsent = null;
            }

            _send.Consume(count);
            quantum -= count;
            Link.Loop.Totals.BytesToLinks += count;
            Link.Writer.WriteData(Id, buffer, count);
        }

        if (_unsent is null && _localEnded)
        {
            SendEnd();
        }

        UpdateReading();
    }

    void ILocalSide.OnRead(IByteBuffer buffer) => OnRead(buffer);

    void ILocalSide.OnEnd() => OnEnd();

    void ILocalSide.OnLost(Exception? cause) => OnLost(cause);

    void IByteOutputListener.OnSent(int bytes)
    {
        _held -= bytes;
        Link.Context.Memory.Release(bytes);
        LastActivity = Environment.TickCount64;
        ReturnCredit(bytes);
        AfterDrain();
    }

    void ILingering.OnLingerExpired()
    {
        if (_state.IsClosed)
        {
            ReleaseHeld();
            _local?.Abort(); // over on the link; its last bytes wait for an application that does not read
        }
        else
        {
            Reset(ResetReason.LingerExpired);
        }
    }

    private void OnRead(IByteBuffer buffer)
    {
        if (_state.IsClosed)
        {
            buffer.Release();
            return;
        }

        if (_unsent is not null)
        {
            buffer.Release();
            throw new InvalidOperationException("a socket delivered bytes while its reading was off");
        }

        LastActivity = Environment.TickCount64;
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

    private void OnEnd()
    {
        _localEnded = true;
        if (_unsent is null)
        {
            SendEnd();
        }
    }

    private void OnLost(Exception? cause)
    {
        if (_state.IsClosed)
        {
            ReleaseHeld();
            Link.Loop.Linger.Remove(this);
            return;
        }

        if (cause is not null and not System.Net.Sockets.SocketException)
        {
            RelayLog.StreamFailed(Link.Context.Logger, cause, Link.Peer, Id);
        }

        Reset(ResetReason.ConnectionReset);
    }

    private void SendEnd()
    {
        if (_state.Sending == HalfState.Open && _state.TryApply(StreamEvent.EndSent, out _state))
        {
            Link.Writer.WriteEndOfStream(Id);
            AfterHalfEnd();
            AfterDrain();
        }
    }

    // Reading is on while what is read can be sent: at most one receive buffer waits here.
    private void UpdateReading()
    {
        bool reading = _unsent is null && _send.Available > 0 && !_localEnded && _state.Sending == HalfState.Open;
        if (reading != _reading && _local is { } local)
        {
            _reading = reading;
            local.Channel.Configuration.AutoRead = reading;
        }
    }

    private void Hold(IByteBuffer source, int index, int count)
    {
        if (!Link.Context.Memory.TryHold(count))
        {
            RelayLog.OutOfMemory(Link.Context.Logger, Link.Peer, Id);
            Reset(ResetReason.OutOfMemory);
            return;
        }

        _held += count;
        IByteBuffer held = HeldBytes.Take(source, index, count);
        if (_local is null)
        {
            (_early ??= []).Add(held);
            return;
        }

        int sent = _local.Send(held);
        if (sent > 0)
        {
            ((IByteOutputListener)this).OnSent(sent);
        }
    }

    private void DeliverEarly(IStreamSocket local)
    {
        foreach (IByteBuffer held in _early ?? [])
        {
            int sent = local.Send(held);
            if (sent > 0)
            {
                ((IByteOutputListener)this).OnSent(sent);
            }
        }

        _early = null;
        AfterDrain();
    }

    private void ReturnCredit(int bytes)
    {
        Link.Loop.Totals.BytesFromLinks += bytes;
        if (_state.Receiving != HalfState.Open)
        {
            return;
        }

        int grant = _receive.Consume(bytes);
        if (grant > 0)
        {
            if (!Link.Context.Memory.IsUnderPressure)
            {
                grant += _receive.GrowTo(_receive.Wanted(Link.Now, Link.RoundTripForWindows()));
            }

            Link.Writer.WriteWindowUpdate(Id, grant);
        }
    }

    private void AfterHalfEnd()
    {
        if (_state.IsClosed)
        {
            Link.Forget(this);
        }

        LastActivity = Environment.TickCount64;
        Link.Loop.Linger.Add(this);
    }

    // What the link brought has gone into the socket: pass its end on, and close when both directions are done.
    private void AfterDrain()
    {
        if (_local is not { } local || local.PendingBytes > 0 || _early is not null || _state.Receiving != HalfState.Ended)
        {
            return;
        }

        if (!_shutdownDone)
        {
            _shutdownDone = true;
            local.ShutdownOutput();
        }

        if (_state.IsClosed)
        {
            Link.Loop.Linger.Remove(this);
            _ = local.Channel.CloseAsync();
        }
    }

    private void Terminate(ResetReason reason)
    {
        _unsent?.Release();
        _unsent = null;
        foreach (IByteBuffer held in _early ?? [])
        {
            held.Release();
        }

        _early = null;
        ReleaseHeld();
        Link.Forget(this);
        Link.Loop.Linger.Remove(this);
        Link.Loop.Totals.StreamsReset++;
        if (_local is not null)
        {
            _local.OutputListener = null;
            _local.Abort();
        }
        else
        {
            _owner?.OnRefused(this, reason);
        }
    }

    private void ReleaseHeld()
    {
        Link.Context.Memory.Release(_held);
        _held = 0;
    }

    private Breach NotAllowed(string what) =>
        new(GoAwayReason.StreamStateError, $"stream {Id}: {what} while sending is {_state.Sending} and receiving is {_state.Receiving}");
}
