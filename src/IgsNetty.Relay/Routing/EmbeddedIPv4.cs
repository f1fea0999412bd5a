using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// IPv6 addresses that lead to an IPv4 address: who asks for one asks for the other. (IPv4-mapped ones are IPv4 to the whole
/// program already.) Pure.
/// </summary>
internal static class EmbeddedIPv4
{
    private const int Length = 4;
    private const int AtEnd = 12;

    // Where the IPv4 address stands behind each prefix.
    private static readonly (IPNetwork Form, int Offset, byte Mask)[] Forms =
    [
        (IPNetwork.Parse("64:ff9b::/96"), AtEnd, 0),    // NAT64, RFC 6052
        (IPNetwork.Parse("64:ff9b:1::/48"), AtEnd, 0),  // NAT64 of one network, RFC 8215
        (IPNetwork.Parse("2002::/16"), 2, 0),           // 6to4, RFC 3056
        (IPNetwork.Parse("2001::/32"), AtEnd, 0xFF),    // Teredo, RFC 4380: the client, its bits turned
        (IPNetwork.Parse("::ffff:0:0:0/96"), AtEnd, 0), // IPv4-translated, RFC 2765
        (IPNetwork.Parse("::/96"), AtEnd, 0),           // IPv4-compatible, RFC 4291 §2.5.5.1
    ];

    /// <param name="address">Any address, canonical.</param>
    /// <param name="inner">The IPv4 address that it leads to.</param>
    /// <param name="prefix">Bits of the form's prefix: a block of at least so many lies inside the form.</param>
    public static bool TryFind(IPAddress address, out IPAddress inner, out int prefix)
    {
        inner = IPAddress.None;
        prefix = 0;
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        byte[] octets = address.GetAddressBytes();
        foreach ((IPNetwork form, int offset, byte mask) in Forms)
        {
            if (form.Contains(address))
            {
                inner = At(octets, offset, mask);
                prefix = form.PrefixLength;
                return true;
            }
        }

        // ISATAP (RFC 5214 §6.1): any prefix of 64 bits, then 0000:5efe or 0200:5efe.
        if (octets[8] is 0 or 2 && octets[9] == 0 && octets[10] == 0x5E && octets[11] == 0xFE)
        {
            inner = At(octets, AtEnd, 0);
            prefix = AtEnd * 8;
            return true;
        }

        return false;
    }

    private static IPAddress At(byte[] octets, int offset, byte mask)
    {
        Span<byte> inner = stackalloc byte[Length];
        for (int i = 0; i < Length; i++)
        {
            inner[i] = (byte)(octets[offset + i] ^ mask);
        }

        return new IPAddress(inner);
    }
}
