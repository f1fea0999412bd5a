using System.Net;
using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>The called side of UDP on one loop: opens reply ports, and sends what awaits no reply from one shared port.</summary>
internal sealed class ReplyPorts(RelayLoop loop, DatagramContext context)
{
    private const int MostSenders = 1024;

    private readonly Dictionary<string, TargetCheck> _senders = new(StringComparer.Ordinal);
    private readonly LogThrottle _refusals = new(() => loop.Clock());
    private readonly DistinctThrottle _undelivered = new(() => loop.Clock());
    private readonly LogThrottle _bindFailures = new(() => loop.Clock());
    private IDatagramSocket? _sendOnly;

    public DatagramContext Context => context;

    public RelayLoop Loop => loop;

    public PendingBinds Binds { get; } = new(loop);

    public NameCache Names { get; } = new(loop, context);

    /// <summary>Takes a reply port for a flow. Its socket is bound when the first datagram may go.</summary>
    /// <param name="request">What the flow wants.</param>
    /// <param name="caller">Gets the replies.</param>
    /// <returns>Null when there are too many.</returns>
    public ReplyPort? TryOpen(ReplyPortRequest request, IDatagramSink caller)
    {
        if ((request.Peer is { } peer ? context.ReplyPorts.TryTake(peer) : context.ReplyPorts.TryTake()) is { } limit)
        {
            loop.Totals.FlowsRefused++;
            if (_refusals.TryPass(out int more))
            {
                RelayLog.FlowRefused(context.Logger, request.From, limit, more);
            }

            return null;
        }

        loop.Totals.ReplyPortsOpened++;
        ReplyPort port = new(this, request, caller);
        loop.Idle.Add(port);
        return port;
    }

    /// <summary>Sends a datagram that awaits no reply (UDP response timeout 0). Nothing is kept of it.</summary>
    /// <param name="from">As <see cref="ReplyPortRequest.From"/>.</param>
    /// <param name="caller">The sender, or the default value when it is not told.</param>
    /// <param name="address">Where it goes.</param>
    /// <param name="payload">Its bytes; valid during the call.</param>
    public void SendOnce(string from, in UdpAddress caller, in FlowAddress address, ReadOnlySpan<byte> payload)
    {
        if (!_senders.TryGetValue(from, out TargetCheck? check))
        {
            if (_senders.Count >= MostSenders)
            {
                _senders.Clear(); // peers and users are few, unless one that holds a shared key makes names up
            }

            _senders.Add(from, check = new TargetCheck(from, context.Access));
        }

        if (address.Name is { } name)
        {
            SendOnceToName(check, CallOrigin.Of(from, caller.IsTold ? caller.ToIPAddress() : null), name, payload);
        }
        else if (check.Allows(null, address.Ip))
        {
            SendOnce(address.Ip, payload);
        }
        else
        {
            Refuse(check, address.ToTarget(), ResetReason.NotAllowed);
        }
    }

    /// <summary>Binds a port that the system chooses.</summary>
    /// <returns>Null, and a log line, when there is none to be had.</returns>
    public IDatagramSocket? TryBind(IDatagramHandler? handler)
    {
        try
        {
            return context.Transport.BindDatagrams(null, loop.Loop, handler);
        }
        catch (SocketException e)
        {
            if (_bindFailures.TryPass(out int more))
            {
                RelayLog.NoReplyPort(context.Logger, e.Message, more);
            }

            return null;
        }
    }

    /// <summary>A port that <see cref="TryOpen"/> gave is over.</summary>
    public void Return(string? peer)
    {
        loop.Totals.ReplyPortsClosed++;
        if (peer is null)
        {
            context.ReplyPorts.Return();
        }
        else
        {
            context.ReplyPorts.Return(peer);
        }
    }

    public void LogRefusal(string from, TargetAddress? caller, TargetAddress target, ResetReason reason)
    {
        if (!_undelivered.TryPass((from, target, reason), out int more))
        {
            return;
        }

        if (reason == ResetReason.NotAllowed)
        {
            IPAddress address = target.Address ?? (Names.TryGet(target.Host!, new CallOrigin(from, null), out IReadOnlyList<IPAddress>? found) && found.Count > 0 ? found[0] : IPAddress.None);
            AccessDecision refusal = context.Access.Check(from, TransportProtocol.Udp, target.Host, address, target.Port);
            string entry = refusal.MissingEntry(from, TransportProtocol.Udp, target.Host, address, target.Port);
            RelayLog.DatagramNotAllowed(context.Logger, from, caller, target, refusal.Why, entry, more);
        }
        else
        {
            RelayLog.DatagramUndeliverable(context.Logger, from, caller, target, reason, more);
        }
    }

    private void SendOnceToName(TargetCheck check, in CallOrigin origin, TargetAddress name, ReadOnlySpan<byte> payload)
    {
        if (Names.TryGet(name.Host!, origin, out IReadOnlyList<IPAddress>? addresses))
        {
            OnResolved(check, name, addresses, payload);
            return;
        }

        byte[] kept = payload.ToArray();
        if (!Names.TryWait(name.Host!, origin, kept.Length, found => OnResolved(check, name, found, kept)))
        {
            loop.Totals.DatagramsDropped++;
        }
    }

    private void OnResolved(TargetCheck check, TargetAddress name, IReadOnlyList<IPAddress> addresses, ReadOnlySpan<byte> payload)
    {
        if (check.TryFirst(name, addresses, out UdpAddress target))
        {
            SendOnce(target, payload);
        }
        else
        {
            Refuse(check, name, addresses.Count == 0 ? ResetReason.NameNotFound : ResetReason.NotAllowed);
        }
    }

    private void SendOnce(in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        _sendOnly ??= TryBind(null);
        if (_sendOnly is null)
        {
            loop.Totals.DatagramsDropped++;
        }
        else
        {
            loop.Totals.CountSend(_sendOnly.Send(target, payload));
        }
    }

    private void Refuse(TargetCheck check, TargetAddress target, ResetReason reason)
    {
        loop.Totals.CountRefusal(reason);
        LogRefusal(check.Caller, null, target, reason);
    }
}
