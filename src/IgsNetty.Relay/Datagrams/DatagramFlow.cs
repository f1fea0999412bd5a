using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// One sender at the calling side and its way to one reply port. Lives on the loop of the socket that the sender sends to;
/// replies come on the loop of the link. It outlives its way: when a link is lost or retired, the next datagram takes
/// another.
/// </summary>
public sealed class DatagramFlow : IDatagramSink, IIdle
{
    /// <summary>How long a target that was refused is not asked for again, in milliseconds.</summary>
    private const long RefusalPause = 1000;

    private readonly FlowRequest _request;
    private readonly IFlowCaller _caller;
    private readonly FlowService _service;
    private readonly Action _ended;
    private IDatagramPath? _path;
    private FlowAddress _openedFor;
    private long _refusedUntil;
    private long _lastUsed;
    private int _tooLargeLogged;
    private volatile bool _isOver; // set on the flow's loop, seen on those of its links

    internal DatagramFlow(FlowService service, FlowRequest request, IFlowCaller caller, Action ended)
    {
        _service = service;
        _request = request;
        _caller = caller;
        _ended = ended;
        _lastUsed = service.Loop.Clock();
        IdleLimit = request.Options.ResponseTimeoutSeconds * 1000L;
    }

    long IIdle.LastUsed => Volatile.Read(ref _lastUsed);

    /// <inheritdoc/>
    public long IdleLimit { get; }

    /// <summary>It has ended: a datagram of the sender opens another.</summary>
    public bool IsOver => _isOver;

    private RelayLoop Loop => _service.Loop;

    /// <summary>A datagram of the sender. On the flow's loop.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="payload">Its bytes; valid during the call.</param>
    public void Send(in FlowAddress target, ReadOnlySpan<byte> payload)
    {
        Volatile.Write(ref _lastUsed, Loop.Clock());
        if (payload.Length > FrameLimits.MaxDatagram)
        {
            Loop.Totals.DatagramsTooLarge++; // IPv6 has room for 20 bytes more than the protocol
            LogTooLarge(_request.From, TargetAddress.FromEndPoint(_request.Client.ToEndPoint()), payload.Length, target.Ip);
        }
        else if (_path is { IsLive: true } path || TryReplacePath(target, out path))
        {
            path.Take(target, payload, Loop.Totals);
        }
        else
        {
            Loop.Totals.DatagramsDropped++;
        }
    }

    /// <summary>Ends the flow: its association is over, or the gateway stops. On the flow's loop.</summary>
    public void Close()
    {
        if (!IsOver)
        {
            _isOver = true;
            _path?.End(this, null);
            _path = null;
            Loop.Totals.FlowsEnded++;
            _service.Links.Datagrams.Flows.Return(_request.Client.WithPort(0));
            _ended();
            _caller.OnFlowEnded();
        }
    }

    void IIdle.OnIdle() => Close();

    // On the loop of the path.
    void IDatagramSink.Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals)
    {
        if (IsOver)
        {
            totals.DatagramsDropped++; // by an old way, which its far end closes on time
            return;
        }

        Volatile.Write(ref _lastUsed, Loop.Clock());
        if (totals.CountDelivery(_caller.Deliver(address, payload)) == DatagramSend.TooLarge)
        {
            LogTooLarge(_request.Via, _request.Target, payload.Length, _request.Client.WithoutLocal());
        }
    }

    private void LogTooLarge(string from, TargetAddress sender, int bytes, in UdpAddress to)
    {
        if (Interlocked.Exchange(ref _tooLargeLogged, 1) == 0)
        {
            RelayLog.DatagramTooLarge(_service.Links.Logger, from, sender, bytes, to);
        }
    }

    // On any loop.
    void IDatagramSink.End(IDatagramSink? from, ResetReason? reason)
    {
        if (Loop.Loop.InEventLoop)
        {
            OnPathEnded(from, reason);
        }
        else
        {
            Loop.Loop.Execute(() => OnPathEnded(from, reason));
        }
    }

    private void OnPathEnded(IDatagramSink? path, ResetReason? reason)
    {
        if (IsOver || path != _path)
        {
            return; // an old one, whose last replies have come
        }

        _path = null;
        if (reason is null)
        {
            Close();
        }
        else if (reason is not (ResetReason.LinkLost or ResetReason.Shutdown))
        {
            Pause(reason.Value);
        }
    }

    private bool TryReplacePath(in FlowAddress target, out IDatagramPath path)
    {
        if (_path is { } old)
        {
            _path = null;
            Loop.Idle.Add(new SupersededPath(old, Loop.Clock(), IdleLimit)); // its last replies may be on their way
        }

        return TryOpenPath(target, out path);
    }

    private bool TryOpenPath(in FlowAddress target, out IDatagramPath path)
    {
        path = null!;
        if (_refusedUntil > Loop.Clock() && target == _openedFor)
        {
            return false;
        }

        _openedFor = target;
        _refusedUntil = 0;

        // Always for the flow's own target, whatever this datagram's: those without an address go there.
        ReplyPortRequest request = new(_request.From, TargetAddress.FromEndPoint(_request.Client.ToEndPoint()), _request.Target, _request.Options);
        if (_request.Via == RouteRule.Direct)
        {
            _path = Loop.ReplyPorts.TryOpen(request, this);
        }
        else if (_service.Links.Registry.FindEvenly(_request.Via, Loop.Loop) is { } link)
        {
            // Its peer's rules decide, so it is the peer that has to say who calls.
            _path = OpenOnLink(link, request with { From = link.Peer });
        }
        else
        {
            Report(ResetReason.NoRoute); // and no pause: the link may be there in a moment
        }

        path = _path!;
        return _path is not null;
    }

    private IDatagramPath? OpenOnLink(Link link, ReplyPortRequest request)
    {
        if (link.Loop != Loop)
        {
            return new LoopHop(link, request, this);
        }

        DatagramStream? stream = link.TryOpen(request, this, out ResetReason refusal);
        if (stream is null)
        {
            Pause(refusal);
        }

        return stream;
    }

    private void Pause(ResetReason reason)
    {
        _refusedUntil = Loop.Clock() + RefusalPause;
        Report(reason);
    }

    private void Report(ResetReason reason)
    {
        Loop.Totals.OpensRefused++;
        if (_service.Failures.TryPass(out int more))
        {
            TargetAddress target = _openedFor.IsTarget ? _request.Target : _openedFor.ToTarget();
            RelayLog.FlowFailed(_service.Links.Logger, _request.Client.WithoutLocal(), target, reason, _request.Via, more);
        }
    }
}
