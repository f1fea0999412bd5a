using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Endpoints.Trust;

/// <summary>Whom limits "per address" count together: an IPv4 address, or the 64-bit prefix that one IPv6 host has all of.</summary>
internal static class ClientKey
{
    private const int PrefixBytes = 8;

    /// <param name="remote">Of a socket; null (it is gone already) counts as one client.</param>
    public static IPAddress Of(EndPoint? remote)
    {
        IPAddress address = remote is IPEndPoint { Address: var found } ? found : IPAddress.None;
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
