using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>An address that somebody wants to reach, with what the access rules need to know of it.</summary>
/// <param name="Address">As it would be dialled.</param>
/// <param name="Inner">The IPv4 address that it leads to, or null.</param>
/// <param name="FormPrefix">With <paramref name="Inner"/>: bits of the prefix that makes it such an address.</param>
/// <param name="Special">What is special about either, or null.</param>
internal readonly record struct AskedAddress(IPAddress Address, IPAddress? Inner, int FormPrefix, SpecialRange? Special)
{
    /// <summary>The one that rules are compared with.</summary>
    public IPAddress Plain => Inner ?? Address;

    public static AskedAddress Of(IPAddress address, LocalNetworks networks)
    {
        IPAddress? inner = EmbeddedIPv4.TryFind(address, out IPAddress found, out int prefix) ? found : null;
        IPAddress plain = inner ?? address;
        SpecialRange? special = SpecialRange.Find(plain) ?? (networks.IsBroadcast(plain) ? SpecialRange.Broadcast(plain) : null);
        return new AskedAddress(address, inner, prefix, special);
    }

    /// <summary>
    /// Is it in the pattern's block? An address that leads to an IPv4 address is that one here: a block of IPv6 holds it only
    /// when it lies inside the form (64:ff9b::/96, say), and so was written for such addresses.
    /// </summary>
    public bool IsIn(DestinationPattern pattern) =>
        pattern.MatchesAddress(Plain) || (Inner is not null && pattern.PrefixLength >= FormPrefix && pattern.MatchesAddress(Address));

    /// <summary>Is the pattern this address and no other?</summary>
    public bool IsItself(DestinationPattern pattern) => pattern.IsSingleAddress && (pattern.MatchesAddress(Plain) || pattern.MatchesAddress(Address));

    /// <summary>Is the pattern a block inside the special range, so that whoever wrote it meant it?</summary>
    public bool IsNamedBy(DestinationPattern pattern) =>
        Special is { } special && pattern.PrefixLength >= special.Network.PrefixLength && pattern.MatchesAddress(Plain);
}
