using System.Net;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>Which targets one caller may send to, with what was found lately remembered. Loop only.</summary>
/// <param name="caller">The <c>From</c> of the access rules.</param>
/// <param name="access">The rules.</param>
internal sealed class TargetCheck(string caller, AccessPolicy access)
{
    private readonly RecentSet<UdpAddress> _allowed = new();

    public string Caller => caller;

    /// <summary>Has the caller sent to exactly this address lately?</summary>
    public bool WasAllowed(in UdpAddress target) => _allowed.Contains(target);

    /// <param name="host">The host name that was asked for, or null when it was an address.</param>
    /// <param name="target">The address that would be sent to.</param>
    public bool Allows(string? host, in UdpAddress target)
    {
        if (_allowed.Contains(target))
        {
            return true;
        }

        IPAddress address = target.ToIPAddress();
        if (!access.Allows(caller, TransportProtocol.Udp, host, address, target.Port))
        {
            return false;
        }

        _allowed.Add(target);
        return true;
    }

    /// <summary>The first of a name's addresses that may be sent to.</summary>
    public bool TryFirst(string host, IPAddress[] addresses, int port, out UdpAddress target)
    {
        foreach (IPAddress address in addresses)
        {
            target = UdpAddress.FromIP(address, port);
            if (Allows(host, target))
            {
                return true;
            }
        }

        target = default;
        return false;
    }
}
