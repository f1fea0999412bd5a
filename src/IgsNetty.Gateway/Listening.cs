using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Gateway;

/// <summary>Listen addresses on the machine as it is, and what to do where one cannot be had.</summary>
internal static class Listening
{
    /// <summary>All addresses, IPv6 and IPv4, are the IPv4 ones in a kernel without IPv6.</summary>
    /// <param name="address">As configured; <c>*</c> is <c>[::]</c>.</param>
    /// <param name="hasIPv6">Whether the system makes IPv6 sockets.</param>
    public static IPEndPoint Here(IPEndPoint address, bool hasIPv6) =>
        !hasIPv6 && address.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Any, address.Port) : address;

    /// <summary>The next step for whoever reads the error.</summary>
    public static string Advice(SocketError error) => error switch
    {
        SocketError.AddressFamilyNotSupported => "this system has no IPv6: use an IPv4 address, or *",
        SocketError.AddressNotAvailable => "this machine has no such address: use one of its own, or *",
        SocketError.AccessDenied => "choose a port above 1023, or give the program the right to this one (CAP_NET_BIND_SERVICE)",
        _ => "choose another address or port, or stop what uses it",
    };
}
