using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Relay.Routing;

/// <summary>What limits "per address" count together: an IPv4 address, or the 64-bit prefix that one IPv6 host has all of.</summary>
public static class ClientPrefix
{
    private const int PrefixBytes = 8;

    /// <param name="address">Of a caller.</param>
    public static IPAddress Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        byte[] octets = address.GetAddressBytes();
        octets.AsSpan(PrefixBytes).Clear();
        return new IPAddress(octets);
    }
}
