using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Streams;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Links;

/// <summary>
/// One connection to a peer and the streams on it. Owned by its loop: every member is called there, but for
/// <see cref="StreamCount"/>, <see cref="Peer"/> and the tasks, which any thread may read.
/// </summary>
public sealed class Link
{
    /// <summary>Further opens that one costs which its peer resets before there is an answer: the work was for nothing.</summary>
    private const int AbandonedOpenCost = 9;

    /// <summary>How many times as much may be unsent where the path is long: a turn of the loop is more there.</summary>
    private const int LongPathUnsent = 4;

    private static readonly TimeSpan GentleCloseLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundTripFreshness = TimeSpan.FromSeconds(1);

    private readonly IStreamSocket _socket;
    private readonly StreamTable _streams;
    private readonly StreamIdAllocator _ids;
    private readonly PeerUse _use;
    private readonly TargetDials _dials;
    private readonly ControlBudget _control;
    private readonly Hello _remote;
    private readonly bool _dialled;
    private readonly RoundTrip _roundTrip = new();
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (int Unsent, int Unacknowledged) _queueLimit;
    private uint _lastPeerStream;
    private TimeSpan _pingSent;
    private bool _isCounted;
    private bool _isClosed;

    /// <param name="context">What all links share.</param>
    /// <param name="loop">The loop of the link's channel.</param>
    /// <param name="socket">The link's socket.</param>
    /// <param name="output">Where frames go: the socket, or what encrypts for it.</param>
    /// <param name="dialled">Whether this gateway dialled.</param>
    /// <param name="remote">The peer's Hello, checked and proven.</param>
    /// <param name="firstStreamId">For tests: see <see cref="StreamIdAllocator"/>.</param>
    internal Link(LinkContext context, RelayLoop loop, IStreamSocket socket, IByteOutput output, bool dialled, Hello remote, uint? firstStreamId = null)
    {
        Context = context;
        Loop = loop;
        _socket = socket;
        _dialled = dialled;
        _remote = remote;
        _streams = new StreamTable(dialled);
        _ids = new StreamIdAllocator(dialled, firstStreamId);
        _use = context.Registry.UseOf(remote.Name);
        _control = new ControlBudget(loop.Clock);
        _dials = new TargetDials(this);
        Writer = new FrameWriter(loop.Loop, output, socket.Channel.Allocator, context.Pipeline.SmallPayloadBytes, () => Scheduler!.Run(), OnOverflow);
        Scheduler = new StreamScheduler(
            loop.Loop, Writer, new DatagramBacklog(Writer, context.Memory, loop.Totals), context.Pipeline.QuantumBytes);
        Datagrams = new LinkDatagrams(this);
    }

    /// <summary>The peer's proven name.</summary>
    public string Peer => _remote.Name;

    /// <summary>The loop that owns the link, its streams and their sockets.</summary>
    public RelayLoop Loop { get; }

    /// <summary>Live streams, and those that another loop is about to open. Any thread.</summary>
    public int StreamCount => _streams.Count + Datagrams.Expected;

    /// <summary>Completes when the link takes no new streams any more: time to dial another. Any thread.</summary>
    public Task Retired => _retired.Task;

    /// <summary>Completes when the link's socket is closed. Any thread.</summary>
    public Task ChannelClosed => _socket.Channel.CloseCompletion;

    internal LinkContext Context { get; }

    internal FrameWriter Writer { get; }

    internal StreamScheduler Scheduler { get; }

    internal IByteBufferAllocator Allocator => _socket.Channel.Allocator;

    /// <summary>It takes no new streams any more. Any thread.</summary>
    internal bool IsRetired => _retired.Task.IsCompleted;

    /// <summary>Both ends know UDP streams.</summary>
    internal bool HasDatagrams => _remote.Capabilities.HasFlag(Capabilities.Datagrams);

    /// <summary>The UDP side of the link.</summary>
    internal LinkDatagrams Datagrams { get; }

    internal int MaxSendPayload => _remote.MaxFramePayload;

    internal TimeSpan Now => Loop.Elapsed();

    /// <summary>Opens a TCP stream to a target beyond the peer. Data may follow at once.</summary>
    /// <param name="target">The called application.</param>
    /// <param name="caller">The calling application's address, if it is to be told.</param>
    /// <param name="owner">Hears the answer; null when a local socket is attached at once.</param>
    /// <param name="refusal">Why there is no stream, when the result is null.</param>
    public RelayStream? TryOpen(TargetAddress target, TargetAddress? caller, IStreamOwner? owner, out ResetReason refusal)
    {
        if (!TryTakeId(out uint id, out refusal))
        {
            return null;
        }

        RelayStream stream = new(this, id, StreamState.Opener, _remote.InitialWindow, Context.Pipeline.StartWindowBytes, owner);
        Track(stream);
        Writer.WriteOpenStream(id, OpenStream.Tcp(Context.Pipeline.StartWindowBytes, target, caller));
        return stream;
    }

    /// <summary>Opens a UDP flow to beyond the peer. Datagrams may follow at once.</summary>
    /// <param name="request">What it wants there.</param>
    /// <param name="local">Gets what comes back.</param>
    /// <param name="refusal">Why there is no stream, when the result is null.</param>
    internal DatagramStream? TryOpen(ReplyPortRequest request, IDatagramSink local, out ResetReason refusal)
    {
        refusal = ResetReason.Unsupported;
        if (!HasDatagrams || !TryTakeId(out uint id, out refusal))
        {
            return null;
        }

        DatagramStream stream = new(this, id);
        stream.Attach(local);
        Track(stream);
        DatagramOptions options = request.Options;
        Writer.WriteOpenStream(id, OpenStream.Udp(options.ReplyFilter, options.ResponseTimeoutSeconds, request.Target, request.Caller));
        return stream;
    }

    /// <summary>Takes no new streams from here on, tells the peer, and closes when the last stream has ended.</summary>
    public void Retire(GoAwayReason reason, string text)
    {
        if (!_isClosed && _retired.TrySetResult())
        {
            Context.Registry.Remove(this);
            Writer.WriteGoAway(new GoAway(_lastPeerStream, reason, text));
            CloseWhenIdle();
        }
    }

    /// <summary>Closes now: every stream is reset at its local socket.</summary>
    /// <param name="reason">For the peer.</param>
    /// <param name="text">For the peer's log.</param>
    /// <param name="tellPeer">False when there is nobody to tell.</param>
    public void Close(GoAwayReason reason, string text, bool tellPeer = true)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _retired.TrySetResult();
        Context.Registry.Remove(this);
        if (_isCounted)
        {
            _use.RemoveLink();
        }

        if (tellPeer)
        {
            Writer.WriteGoAway(new GoAway(_lastPeerStream, reason, text));
            Writer.FlushTail();
        }

        Writer.Close();
        foreach (ILinkStream stream in _streams.Snapshot())
        {
            stream.OnReset(ResetReason.LinkLost);
        }

        Datagrams.OnLinkClosed();
        if (tellPeer)
        {
            GentleClose.Begin(_socket, GentleCloseLimit);
        }
        else
        {
            _socket.Abort();
        }
    }

    /// <summary>Called once, when the pipeline stands.</summary>
    internal void Start()
    {
        _isCounted = true;
        if (_use.AddLink() > Context.Limits.LinksPerPeer)
        {
            OnBreach(new Breach(GoAwayReason.LimitExceeded, $"more than {Context.Limits.LinksPerPeer} links of one peer (Limits:LinksPerPeer)"));
            return;
        }

        Context.Registry.Add(this);
        if (_use.IsLogged(Context.Logger, Peer))
        {
            RelayLog.LinkUp(Context.Logger, Peer, _dialled ? "dialled" : "accepted", _socket.Channel.RemoteAddress);
        }

        SendPing();
    }

    internal void Forget(ILinkStream stream)
    {
        if (_streams.Remove(stream))
        {
            Loop.Totals.StreamsEnded++;
            if (IsRetired)
            {
                CloseWhenIdle();
            }
        }
    }

    internal void OnChannelLost(Exception? cause)
    {
        if (!_isClosed)
        {
            if (_use.IsLogged(Context.Logger, Peer))
            {
                RelayLog.LinkLost(Context.Logger, Peer, cause?.Message ?? "the connection was closed", StreamCount);
            }

            Close(GoAwayReason.Shutdown, "", tellPeer: false);
        }
    }

    internal void OnBreach(Breach breach)
    {
        if (!_isClosed)
        {
            Loop.Totals.Breaches++;
            if (Context.Throttle.TryPass((nameof(OnBreach), Peer, breach.Reason), out int more))
            {
                RelayLog.Breach(Context.Logger, Peer, breach.Reason, breach.Detail, more);
            }

            Close(breach.Reason, breach.Detail);
        }
    }

    internal Breach? OnOpenStream(uint id, OpenStream open)
    {
        if (IsOwn(id) || id <= _lastPeerStream)
        {
            return new Breach(GoAwayReason.StreamIdError, $"OpenStream {id} after {_lastPeerStream}: IDs go upwards, each side has its own");
        }

        _lastPeerStream = id;
        if (_isClosed)
        {
            return null;
        }

        ResetReason? refusal =
            _streams.OpenedByPeer >= Context.Limits.StreamsPerLink || _dials.Abandoned >= Context.Limits.StreamsPerLink || !_use.Opens.TryTake(Now) ? ResetReason.LimitExceeded
            : IsRetired ? ResetReason.Shutdown
            : open.Protocol == StreamProtocol.Udp && !HasDatagrams ? ResetReason.Unsupported
            : null;
        if (refusal is { } reason)
        {
            Loop.Totals.OpensRefused++;
            if (Context.Throttle.TryPass((nameof(OnOpenStream), Peer, reason), out int more))
            {
                RelayLog.OpenRefused(Context.Logger, Peer, id, open.Target, reason, more);
            }

            Writer.WriteResetStream(id, reason);
            return Spend(ControlBudget.RefusalPoints);
        }

        if (open.Protocol == StreamProtocol.Udp)
        {
            Datagrams.Accept(id, open);
            return null;
        }

        RelayStream stream = new(this, id, StreamState.Acceptor, open.Window, FlowControlDefaults.EarlyWindowBytes, null);
        Track(stream);
        _dials.Add(stream, open);
        return null;
    }

    /// <summary>Counts what a control frame of the peer costs.</summary>
    /// <returns>A breach when it sends more of them than it may.</returns>
    internal Breach? Spend(int points) => _control.TrySpend(points)
        ? null
        : new Breach(GoAwayReason.LimitExceeded, "a flood of control frames, or of opens that are refused");

    /// <summary>Did this gateway open the stream?</summary>
    internal bool IsOwn(uint id) => StreamId.OpenedBy(id, _dialled);

    /// <summary>The stream a frame speaks of.</summary>
    /// <typeparam name="T">The kind of stream that may have such a frame.</typeparam>
    /// <returns>Null with no breach: it has ended, the frame crossed its end on the way.</returns>
    internal T? Lookup<T>(FrameType type, uint id, out Breach? breach)
        where T : class, ILinkStream
    {
        breach = null;
        if (_streams.TryGet(id, out ILinkStream? stream))
        {
            T? found = stream as T;
            breach = found is null ? new Breach(GoAwayReason.StreamStateError, $"stream {id}: {type} on a stream of the other protocol") : null;
            return found;
        }

        bool known = IsOwn(id) ? _ids.HasGiven(id) : id <= _lastPeerStream;
        breach = known ? null : new Breach(GoAwayReason.StreamIdError, $"a frame for stream {id}, which was never opened");
        return null;
    }

    internal void SendPing()
    {
        _pingSent = Now;
        Writer.WritePing(FrameType.Ping, new Ping((ulong)_pingSent.Ticks));
    }

    internal void OnPong(Ping pong)
    {
        if (!_isClosed && _pingSent != TimeSpan.Zero && pong.Opaque == (ulong)_pingSent.Ticks)
        {
            _roundTrip.Add(Now - _pingSent, Now);
            _pingSent = TimeSpan.Zero;
            LimitQueue();
        }
    }

    // Sets it when the kind of path is known, or another than was thought.
    private void LimitQueue()
    {
        bool isShort = _roundTrip.Least < FlowControlDefaults.ShortPath;
        bool isNear = _socket.LeastRoundTrip < FlowControlDefaults.NearPath;
        (int, int) limit = (Context.Pipeline.LinkUnsentBytes * (isShort ? 1 : LongPathUnsent), isNear ? Context.Pipeline.LinkSendBufferBytes : 0);
        if (limit != _queueLimit)
        {
            _queueLimit = limit;
            _socket.LimitQueue(limit.Item1, limit.Item2);
        }
    }

    internal void OnGoAway(GoAway goAway)
    {
        if (!Context.Throttle.TryPass((nameof(OnGoAway), Peer, goAway.Reason), out _))
        {
            // It is in the log.
        }
        else if (goAway.Reason is GoAwayReason.Shutdown or GoAwayReason.IdsExhausted)
        {
            RelayLog.PeerGoesAway(Context.Logger, Peer, goAway.Reason, goAway.Text);
        }
        else
        {
            RelayLog.PeerRefuses(Context.Logger, Peer, goAway.Reason, goAway.Text);
        }

        _retired.TrySetResult();
        Context.Registry.Remove(this);
        foreach (ILinkStream stream in _streams.Snapshot())
        {
            if (IsOwn(stream.Id) && stream.Id > goAway.LastStreamId)
            {
                stream.OnReset(ResetReason.Shutdown);
            }
        }

        CloseWhenIdle();
    }

    /// <summary>The least round trip; asks for a new sample when the last one is old. Called when a window may grow.</summary>
    internal TimeSpan RoundTripForWindows()
    {
        if (Now - _roundTrip.LastSample > RoundTripFreshness && _pingSent == TimeSpan.Zero)
        {
            SendPing();
        }

        return _roundTrip.Least;
    }

    private bool TryTakeId(out uint id, out ResetReason refusal)
    {
        id = 0;
        refusal = ResetReason.NoRoute;
        if (_isClosed || IsRetired)
        {
            return false;
        }

        if (_streams.OpenedHere >= _remote.MaxStreams)
        {
            refusal = ResetReason.LimitExceeded;
            return false;
        }

        if (!_ids.TryNext(out id))
        {
            Retire(GoAwayReason.IdsExhausted, "stream IDs have run out");
            return false;
        }

        return true;
    }

    /// <summary>The stream is live from here on.</summary>
    internal void Track(ILinkStream stream)
    {
        _streams.Add(stream);
        Loop.Totals.StreamsOpened++;
    }

    /// <summary>The target of a stream of the peer's cannot be reached.</summary>
    internal void OnTargetRefused(RelayStream stream, ResetReason reason)
    {
        Loop.Totals.OpensRefused++;
        stream.Reset(reason);
        if (Spend(ControlBudget.RefusalPoints) is { } flood)
        {
            OnBreach(flood);
        }
    }

    /// <summary>A target of the peer's was dialled. Each address after the first counts as a further open.</summary>
    internal void ChargeAttempts(int attempts)
    {
        if (attempts > 1)
        {
            _use.Opens.Charge(attempts - 1, Now);
        }
    }

    /// <summary>A stream of the peer's is over before its target answered.</summary>
    /// <param name="dialling">Gives the dialling up.</param>
    /// <param name="byPeer">The peer has reset it.</param>
    internal void OnAbandoned(CancellationTokenSource dialling, bool byPeer)
    {
        if (byPeer)
        {
            Loop.Totals.OpensAbandoned++;
            _use.Opens.Charge(AbandonedOpenCost, Now);
        }

        _dials.Abandon(dialling);
    }

    private void CloseWhenIdle()
    {
        if (!_isClosed && _streams.Count == 0)
        {
            // From a task of its own: this may be called in the middle of a frame.
            Loop.Loop.Execute(() => Close(GoAwayReason.Shutdown, "no streams left"));
        }
    }

    private void OnOverflow() => Loop.Loop.Execute(
        () => OnBreach(new Breach(GoAwayReason.LimitExceeded, "the peer does not read the control frames it asks for")));
}
