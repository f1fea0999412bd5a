using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>Which targets one caller may send to, with what was found lately remembered. Loop only.</summary>
/// <param name="caller">The <c>From</c> of the access rules.</param>
/// <param name="access">The rules.</param>
internal sealed class TargetCheck(string caller, AccessPolicy access)
{
    /// <summary>The most addresses of a name that are tried.</summary>
    private const int MaxAddresses = 8;

    private readonly RecentSet<FlowAddress> _allowed = new(); // with the name that was asked for: a rule may speak of that only

    public string Caller => caller;

    /// <param name="name">The host name that was asked for, or null when it was an address.</param>
    /// <param name="target">The address that would be sent to.</param>
    public bool Allows(TargetAddress? name, in UdpAddress target)
    {
        FlowAddress key = new(target, name);
        if (_allowed.Contains(key))
        {
            return true;
        }

        IPAddress address = target.ToIPAddress();
        if (!access.Allows(caller, TransportProtocol.Udp, name?.Host, address, target.Port))
        {
            return false;
        }

        _allowed.Add(key);
        return true;
    }

    /// <summary>Those of a name's addresses that may be sent to, in their order and up to <see cref="MaxAddresses"/>.</summary>
    public IReadOnlyList<UdpAddress> Allowed(TargetAddress name, IReadOnlyList<IPAddress> addresses) =>
    [
        .. addresses.Select(address => UdpAddress.FromIP(address, name.Port)).Where(target => Allows(name, target)).Take(MaxAddresses),
    ];

    /// <summary>The first of a name's addresses that may be sent to.</summary>
    public bool TryFirst(TargetAddress name, IReadOnlyList<IPAddress> addresses, out UdpAddress target)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            target = UdpAddress.FromIP(addresses[i], name.Port);
            if (Allows(name, target))
            {
                return true;
            }
        }

        target = default;
        return false;
    }
}
