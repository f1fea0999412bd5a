using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// A TCP call on a link: joins the stream's state and its two halves to the application's socket. Lives on the link's
/// loop, as the socket does.
/// </summary>
public sealed class RelayStream : ILinkStream, IByteOutputListener, ILocalSide, ILingering, IDueReset
{
    private readonly IStreamOwner? _owner;
    private readonly ReceivingHalf _receiving;
    private StreamState _state;
    private long _lastActivity;

    internal RelayStream(Link link, uint id, StreamState state, int sendCredit, int receiveCredit, IStreamOwner? owner)
    {
        Link = link;
        Id = id;
        _state = state;
        _owner = owner;
        Sending = new SendingHalf(this, sendCredit);
        _receiving = new ReceivingHalf(this, receiveCredit);
    }

    /// <summary>The link that carries the stream.</summary>
    public Link Link { get; }

    /// <summary>Its ID there.</summary>
    public uint Id { get; }

    long ILingering.LastActivity => _lastActivity;

    internal StreamState State => _state;

    /// <summary>It was reset, from here or by the peer.</summary>
    internal bool IsReset { get; private set; }

    /// <summary>The application has reset, and what it sent before waits for credit or its turn: the reset goes out behind it.</summary>
    internal bool IsResetDue { get; private set; }

    internal SendingHalf Sending { get; }

    /// <summary>Gives up the dialling of the target; null when none is under way.</summary>
    internal CancellationTokenSource? Dialling { get; set; }

    /// <summary>The application's socket; null while there is none yet.</summary>
    internal IStreamSocket? Local { get; private set; }

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

        Local = local;
        local.OutputListener = this;
        local.ReadGate = Sending;
        local.Channel.Pipeline.AddLast(LocalStreamHandler.Name, new LocalStreamHandler(this));
        _receiving.OnAttached(local);
        if (first is not null && first.IsReadable())
        {
            Sending.OnRead(first);
        }
        else
        {
            first?.Release();
        }

        if (local.Channel.Active)
        {
            Sending.UpdateReading();
        }
        else
        {
            OnLost(null);
        }
    }

    /// <summary>Ends the stream in both directions and tells the other side why.</summary>
    public void Reset(ResetReason reason)
    {
        if (!_state.IsClosed && _state.TryApply(StreamEvent.ResetSent, out _state))
        {
            Link.Writer.WriteResetStream(Id, reason);
            Terminate(reason, byPeer: false);
            _receiving.Drop();
            if (Local is not null)
            {
                Local.OutputListener = null;
                Local.Abort();
            }
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

        TargetAddress? bound = target.Channel.LocalAddress is IPEndPoint address ? TargetAddress.FromEndPoint(address) : null;
        Link.Writer.WriteStreamOpened(Id, new StreamOpened(_receiving.Grow(windowGrant), bound));
        Attach(target);
    }

    /// <summary>Calling side: the called side has its connection.</summary>
    internal Breach? OnOpened(StreamOpened opened)
    {
        if (!_state.TryApply(StreamEvent.OpenedReceived, out _state))
        {
            return NotAllowed("StreamOpened");
        }

        if (Sending.AddCredit(opened.Window) is { } breach)
        {
            return breach;
        }

        _owner?.OnOpened(this, opened);
        return null;
    }

    internal Breach? OnData(IByteBuffer source, int index, int count, bool isLast)
    {
        if (!_state.TryApply(StreamEvent.DataReceived, out _state))
        {
            return NotAllowed("Data");
        }

        _lastActivity = Environment.TickCount64;
        return _receiving.OnData(source, index, count, isLast);
    }

    Breach? ILinkStream.OnEndOfStream()
    {
        if (!_state.TryApply(StreamEvent.EndReceived, out _state))
        {
            return NotAllowed("EndOfStream");
        }

        AfterHalfEnd();
        return null;
    }

    void ILinkStream.OnReset(ResetReason reason)
    {
        bool owesEnd = _state.Receiving == HalfState.Ended && _receiving.OwesEnd;
        if (!_state.IsClosed && _state.TryApply(StreamEvent.ResetReceived, out _state))
        {
            Terminate(reason, byPeer: reason != ResetReason.LinkLost);
            if (Local is not null)
            {
                LocalReset.Begin(Link.Loop.DueResets, Local, owesEnd);
            }
            else
            {
                _receiving.Drop();
            }
        }
    }

    /// <summary>All the application's bytes have gone out, and its FIN with them.</summary>
    internal void SendEnd()
    {
        if (_state.Sending == HalfState.Open && _state.TryApply(StreamEvent.EndSent, out _state))
        {
            Link.Writer.WriteEndOfStream(Id);
            AfterHalfEnd();
        }
    }

    void ILocalSide.OnRead(IByteBuffer buffer)
    {
        if (_state.IsClosed)
        {
            buffer.Release();
            return;
        }

        _lastActivity = Environment.TickCount64;
        Sending.OnRead(buffer);
    }

    void ILocalSide.OnEnd() => Sending.OnInputEnd();

    void ILocalSide.OnLost(Exception? cause) => OnLost(cause);

    void IByteOutputListener.OnSent(int bytes)
    {
        _lastActivity = Environment.TickCount64;
        _receiving.OnSent(bytes);
    }

    void ILingering.OnLingerExpired()
    {
        if (_state.IsClosed)
        {
            _receiving.Drop();
            Local?.Abort(); // over on the link; its last bytes wait for an application that does not read
        }
        else
        {
            Reset(ResetReason.LingerExpired);
        }
    }

    /// <summary>The system has no memory for what this stream needs.</summary>
    internal void ResetForMemory()
    {
        if (Link.Context.Throttle.TryPass((nameof(ResetForMemory), Link.Peer), out int more))
        {
            RelayLog.NoMemory(Link.Context.Logger, Link.Peer, Id, more);
        }

        Reset(ResetReason.OutOfMemory);
    }

    long IDueReset.Look() => Sending.UnsentBytes;

    void IDueReset.Reset() => Reset(ResetReason.ConnectionReset);

    private void OnLost(Exception? cause)
    {
        if (_state.IsClosed)
        {
            _receiving.Drop();
            Link.Loop.Linger.Remove(this);
            return;
        }

        if (cause is OutOfMemoryException)
        {
            ResetForMemory();
            return;
        }

        if (cause is not null and not SocketException)
        {
            RelayLog.StreamFailed(Link.Context.Logger, cause, Link.Peer, Id);
        }

        if (!IsResetDue)
        {
            IsResetDue = true;
            _receiving.Drop();
            Link.Loop.DueResets.Add(this);
        }
    }

    // From the first end to the closed socket, the linger limit watches that things move.
    private void AfterHalfEnd()
    {
        if (_state.IsClosed)
        {
            Link.Forget(this);
        }

        _lastActivity = Environment.TickCount64;
        Link.Loop.Linger.Add(this);
        _receiving.AfterDrain();
    }

    private void Terminate(ResetReason reason, bool byPeer)
    {
        if (Dialling is { } dialling)
        {
            Dialling = null;
            Link.OnAbandoned(dialling, byPeer);
        }

        IsReset = true;
        Sending.Drop();
        Link.Forget(this);
        Link.Loop.Linger.Remove(this);
        Link.Loop.Totals.StreamsReset++;
        if (Local is null)
        {
            _owner?.OnRefused(this, reason);
        }
    }

    private Breach NotAllowed(string what) =>
        new(GoAwayReason.StreamStateError, $"stream {Id}: {what} while sending is {_state.Sending} and receiving is {_state.Receiving}");
}
