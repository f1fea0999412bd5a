using System.Net;
using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport.Names;

namespace IgsNetty.Endpoints.Names;

/// <summary>The order in which the addresses of a name are tried (RFC 8305 §4). Pure but for its look at the system's routes.</summary>
internal static class AddressOrder
{
    /// <summary>
    /// Families in turn, and the order of the answer within a family. IPv6 begins where the system can reach it from an address of
    /// the same kind (RFC 6724 §6, rules 1, 2 and 5), else IPv4.
    /// </summary>
    /// <param name="addresses">As they came.</param>
    /// <param name="sourceFor">The own address towards a destination, or null; null: the system is asked.</param>
    /// <returns>Canonical addresses, each once.</returns>
    public static IReadOnlyList<IPAddress> Arrange(IEnumerable<IPAddress> addresses, Func<IPAddress, IPAddress?>? sourceFor = null)
    {
        IPAddress[] all = [.. addresses.Select(TargetAddress.Canonical).Distinct()];
        IPAddress[] first = [.. all.Where(address => address.AddressFamily == AddressFamily.InterNetworkV6)];
        IPAddress[] second = [.. all.Where(address => address.AddressFamily != AddressFamily.InterNetworkV6)];
        if (first.Length == 0 || second.Length == 0)
        {
            return all;
        }

        if (!IsReachable(first[0], sourceFor ?? SourceAddress.For))
        {
            (first, second) = (second, first);
        }

        return Interleave(first, second);
    }

    private static IPAddress[] Interleave(IPAddress[] first, IPAddress[] second)
    {
        int paired = Math.Min(first.Length, second.Length);
        return [.. first.Zip(second, static (a, b) => new[] { a, b }).SelectMany(pair => pair), .. first[paired..], .. second[paired..]];
    }

    private static bool IsReachable(IPAddress destination, Func<IPAddress, IPAddress?> sourceFor) =>
        sourceFor(destination) is { } source && Kind(source) == Kind(destination);

    private static int Kind(IPAddress address) => IPAddress.IsLoopback(address) ? 1 : address.IsIPv6LinkLocal ? 2 : address.IsIPv6UniqueLocal ? 3 : 0;
}
