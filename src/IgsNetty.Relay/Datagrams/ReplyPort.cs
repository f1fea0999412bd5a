using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// The called side of a flow: one port of its own, for all targets of its caller. Checks every target, takes the replies
/// that the filter lets in, and frees the port when it has been idle for the response timeout. Loop only.
/// </summary>
internal sealed class ReplyPort : IDatagramPath, IDatagramHandler, IIdle
{
    private const int TooLarge = 31; // beside the numbers of ResetReason

    private readonly ReplyPorts _ports;
    private readonly ReplyPortRequest _request;
    private readonly IDatagramSink _caller;
    private readonly TargetCheck _check;
    private readonly CallOrigin _origin;
    private readonly RecentSet<UdpAddress> _sentTo = new();
    private int _logged; // a bit for each reason
    private IDatagramSocket? _socket;
    private UdpAddress _target;
    private readonly NamedTargets _names;
    private int _kept; // datagrams that wait for the socket
    private int _unresolved; // datagrams that wait for an address
    private bool _isEnding; // the caller is gone, and what it sent before has not left yet
    private bool _isClosed;

    public ReplyPort(ReplyPorts ports, ReplyPortRequest request, IDatagramSink caller)
    {
        _ports = ports;
        _request = request;
        _caller = caller;
        _check = new TargetCheck(request.From, ports.Context.Access);
        _names = new NamedTargets(_check, ports.Loop);
        _origin = CallOrigin.Of(request.From, request.Caller?.Address);
        LastUsed = ports.Loop.Clock();

        // The caller ends the flow on time. This is for when it cannot, and a little later, so that a datagram that the
        // caller sends at the last moment does not find the port just closed.
        IdleLimit = request.Options.ResponseTimeoutSeconds * 1050L;
    }

    public long LastUsed { get; private set; }

    public long IdleLimit { get; }

    public bool IsOver { get; private set; }

    public bool IsLive => !IsOver;

    private LoopTotals Totals => _ports.Loop.Totals;

    private ILogger Logger => _ports.Context.Logger;

    public void Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals)
    {
        if (IsOver)
        {
            totals.DatagramsDropped++;
            return;
        }

        LastUsed = _ports.Loop.Clock();
        if (address.IsTarget && _target.IsTold)
        {
            _target = _names.Current(_target, payload);
            Transmit(_target, payload);
            return;
        }

        FlowAddress to = address.IsTarget ? FlowAddress.From(_request.Target) : address;
        if (to.Name is { } name)
        {
            SendToName(name, address.IsTarget, payload);
        }
        else if (_check.Allows(null, to.Ip))
        {
            _target = address.IsTarget ? to.Ip : _target;
            _names.OnOther();
            Transmit(to.Ip, payload);
        }
        else
        {
            Refuse(to, ResetReason.NotAllowed, address.IsTarget);
        }
    }

    /// <summary>The caller is gone. What it sent before still leaves; nobody waits for an answer.</summary>
    public void End(IDatagramSink? from, ResetReason? reason)
    {
        if (!IsOver)
        {
            IsOver = true;
            _isEnding = true;
            CloseWhenSent();
        }
    }

    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        if (IsOver || !IsReply(source))
        {
            Totals.DatagramsFiltered++;
            return;
        }

        LastUsed = _ports.Loop.Clock();
        Totals.DatagramsFromTargets++;
        _target = _names.OnReply(source) ? source : _target;
        _caller.Take(source == _target ? FlowAddress.OfTarget : new FlowAddress(source, null), payload, Totals);
    }

    public TimeSpan OnReadable() => _ports.Loop.DatagramShare.Begin();

    public void OnReadComplete() => _ports.Loop.DatagramShare.End();

    public void OnUndelivered(int reports)
    {
        Totals.IcmpErrors += reports;
        if (!IsOver && _names.OnUndelivered(reports, out UdpAddress next, out ReadOnlyMemory<byte> lost))
        {
            Transmit(next, lost.Span);
        }
    }

    public void OnIdle()
    {
        Close();
        _caller.End(this, null);
    }

    private bool IsReply(in UdpAddress source) =>
        _request.Options.ReplyFilter == ReplyFilter.Any || _sentTo.Contains(FilterKey(source));

    private UdpAddress FilterKey(in UdpAddress address) => _request.Options.ReplyFilter == ReplyFilter.Exact ? address : address.WithPort(0);

    private void SendToName(TargetAddress name, bool isTarget, ReadOnlySpan<byte> payload)
    {
        if (_ports.Names.TryGet(name.Host!, _origin, out IReadOnlyList<IPAddress>? addresses))
        {
            OnResolved(name, addresses, isTarget, payload);
            return;
        }

        byte[] kept = payload.ToArray();
        _unresolved++; // first: some names are known at once
        if (!_ports.Names.TryWait(name.Host!, _origin, kept.Length, found => OnFound(name, found, isTarget, kept)))
        {
            _unresolved--;
            Totals.DatagramsDropped++;
        }
    }

    private void OnFound(TargetAddress name, IReadOnlyList<IPAddress> addresses, bool isTarget, byte[] kept)
    {
        _unresolved--;
        OnResolved(name, addresses, isTarget, kept);
        CloseWhenSent();
    }

    private void OnResolved(TargetAddress name, IReadOnlyList<IPAddress> addresses, bool isTarget, ReadOnlySpan<byte> payload)
    {
        if (_isClosed)
        {
            Totals.DatagramsDropped++;
        }
        else if (_names.TryChoose(name, addresses, payload, isTarget, out UdpAddress address))
        {
            _target = isTarget ? address : _target;
            Transmit(address, payload);
        }
        else
        {
            Refuse(new FlowAddress(default, name), addresses.Count == 0 ? ResetReason.NameNotFound : ResetReason.NotAllowed, isTarget);
        }
    }

    /// <summary>A datagram that has waited for the socket.</summary>
    public void TransmitKept(in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        _kept--;
        if (_isClosed)
        {
            Totals.DatagramsDropped++;
        }
        else if (_socket is not null || (_ports.Binds.TryTake() && TryBind()))
        {
            Send(target, payload);
        }

        CloseWhenSent();
    }

    private void Transmit(in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        // Behind those that wait, also when the socket is there: they keep their order.
        if (_kept > 0 || (_socket is null && !_ports.Binds.TryTake()))
        {
            bool isKept = _ports.Binds.TryKeep(this, target, payload);
            _kept += isKept ? 1 : 0;
            Totals.DatagramsDropped += isKept ? 0 : 1;
        }
        else if (_socket is not null || TryBind())
        {
            Send(target, payload);
        }
    }

    private void Send(UdpAddress target, ReadOnlySpan<byte> payload)
    {
        DatagramSend result = SendOnce(target, payload);
        while (result == DatagramSend.Unreachable && _names.TryNext(target, out UdpAddress next))
        {
            _target = target == _target ? next : _target;
            target = next;
            result = SendOnce(target, payload);
        }

        if (Totals.CountSend(result) == DatagramSend.TooLarge && IsFirst(TooLarge))
        {
            RelayLog.DatagramTooLarge(Logger, _request.From, _request.Caller, payload.Length, target);
        }
    }

    private DatagramSend SendOnce(in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        UdpAddress key = FilterKey(target);
        if (!_sentTo.Contains(key))
        {
            _sentTo.Add(key);
        }

        return _socket!.Send(target, payload);
    }

    private bool TryBind()
    {
        _socket = _ports.TryBind(this);
        if (_socket is null)
        {
            Totals.DatagramsDropped++;
            Fail(ResetReason.LimitExceeded);
        }

        return _socket is not null;
    }

    // A flow that may not reach the target it was opened for is told so; one more target that it may not reach just
    // stays unreached.
    private void Refuse(in FlowAddress target, ResetReason reason, bool isTarget)
    {
        Totals.CountRefusal(reason);
        if (IsFirst((int)reason))
        {
            _ports.LogRefusal(_request.From, _request.Caller, target.ToTarget(), reason);
        }

        if (isTarget)
        {
            Fail(reason);
        }
    }

    private bool IsFirst(int reason)
    {
        int before = _logged;
        _logged |= 1 << reason;
        return before != _logged;
    }

    private void Fail(ResetReason reason)
    {
        Close();
        _caller.End(this, reason);
    }

    private void CloseWhenSent()
    {
        if (_isEnding && _kept == 0 && _unresolved == 0)
        {
            Close();
        }
    }

    private void Close()
    {
        IsOver = true;
        if (!_isClosed)
        {
            _isClosed = true;
            _ports.Return(_request.Peer);
            _socket?.Close();
        }
    }
}
