using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>Host names that one flow sends to, and which of its addresses each of them stands for now. Loop only.</summary>
/// <param name="check">Which addresses may be sent to.</param>
/// <param name="loop">For the clock.</param>
internal sealed class NamedTargets(TargetCheck check, RelayLoop loop)
{
    private const int MaxNames = 64;

    private Dictionary<TargetAddress, TargetChoice>? _choices;
    private TargetChoice? _target; // the flow's own
    private TargetChoice? _only; // the one that all datagrams went to: what the network reports speaks of it
    private bool _hasOthers;
    private int _unsettled;

    /// <summary>A datagram goes to an address that was asked for as such.</summary>
    public void OnOther()
    {
        _hasOthers = true;
        _only = null;
    }

    /// <summary>Where a datagram for the flow's own target goes.</summary>
    public UdpAddress Current(in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        if (_target is not { IsSettled: false } choice)
        {
            return target;
        }

        choice.OnSend(payload, loop.Clock());
        return choice.Current;
    }

    /// <summary>Where a datagram for a name goes.</summary>
    /// <param name="name">The name and the port.</param>
    /// <param name="found">Its addresses.</param>
    /// <param name="payload">The datagram.</param>
    /// <param name="isTarget">It is the flow's own target: its addresses stay for the life of the flow.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when none of the addresses may be sent to.</returns>
    public bool TryChoose(TargetAddress name, IReadOnlyList<IPAddress> found, ReadOnlySpan<byte> payload, bool isTarget, out UdpAddress address)
    {
        address = default;
        TargetChoice? choice = isTarget ? _target : null;
        if (choice is null && !TryGet(name, found, out choice))
        {
            return false;
        }

        _target = isTarget ? choice : _target;
        if (!_hasOthers && _only is not null && _only != choice)
        {
            OnOther();
        }
        else if (!_hasOthers)
        {
            _only = choice;
        }

        choice!.OnSend(payload, loop.Clock());
        address = choice.Current;
        return true;
    }

    /// <summary>A datagram has come back.</summary>
    /// <returns>True: it is from the flow's own target, which stays at this address.</returns>
    public bool OnReply(in UdpAddress source)
    {
        bool isTarget = _target is { IsSettled: false } target && target.TrySettle(source);
        if (_unsettled > 0)
        {
            foreach (TargetChoice choice in _choices!.Values.Where(static choice => !choice.IsSettled))
            {
                choice.TrySettle(source);
            }

            _unsettled = _choices.Values.Count(choice => !choice.IsSettled);
        }

        return isTarget;
    }

    /// <summary>The network says that datagrams did not arrive.</summary>
    /// <param name="reports">How many times it said so.</param>
    /// <param name="next">Where the lost datagram goes now.</param>
    /// <param name="lost">The datagram.</param>
    /// <returns>False when none is sent again.</returns>
    public bool OnUndelivered(int reports, out UdpAddress next, out ReadOnlyMemory<byte> lost)
    {
        next = default;
        lost = default;
        if (_only is not { IsSettled: false } choice)
        {
            return false;
        }

        bool isNext = choice.TryNext(reports, loop.Clock(), out lost);
        next = choice.Current;
        return isNext;
    }

    /// <summary>The system cannot send to this address.</summary>
    /// <returns>False when there is no other one to try.</returns>
    public bool TryNext(in UdpAddress target, out UdpAddress next)
    {
        next = default;
        if (_unsettled > 0)
        {
            foreach (TargetChoice choice in _choices!.Values)
            {
                if (!choice.IsSettled && choice.Current == target)
                {
                    bool isNext = choice.TryNext(loop.Clock());
                    next = choice.Current;
                    return isNext;
                }
            }
        }

        return false;
    }

    private bool TryGet(TargetAddress name, IReadOnlyList<IPAddress> found, out TargetChoice? choice)
    {
        if (_choices is not null && _choices.TryGetValue(name, out choice) && ReferenceEquals(choice.Found, found))
        {
            return true;
        }

        choice = null;
        IReadOnlyList<UdpAddress> allowed = check.Allowed(name, found);
        if (allowed.Count == 0)
        {
            return false;
        }

        _choices ??= [];
        if (_choices.Remove(name, out TargetChoice? old))
        {
            _unsettled -= old.IsSettled ? 0 : 1;
        }
        else if (_choices.Count >= MaxNames)
        {
            choice = new TargetChoice([allowed[0]], found); // not kept: such a name has one address
            return true;
        }

        choice = new TargetChoice(allowed, found);
        if (old is { IsSettled: true })
        {
            choice.TrySettle(old.Current);
        }

        _choices.Add(name, choice);
        _unsettled += choice.IsSettled ? 0 : 1;
        return true;
    }
}
