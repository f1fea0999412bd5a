using System.Net;
using IgsNetty.Relay.Targets;

namespace IgsNetty.Endpoints.Names;

/// <summary>What is known about the addresses of one family of a name.</summary>
/// <param name="Status">How the question ended.</param>
/// <param name="Addresses">Empty unless found.</param>
/// <param name="IsDenied">The name does not exist, in no family (NXDOMAIN).</param>
internal sealed record FamilyAnswer(NameStatus Status, IReadOnlyList<IPAddress> Addresses, bool IsDenied = false)
{
    /// <summary>The name has no address of this family.</summary>
    public static FamilyAnswer None { get; } = new(NameStatus.NotFound, []);

    /// <summary>The name does not exist.</summary>
    public static FamilyAnswer Denied { get; } = new(NameStatus.NotFound, [], IsDenied: true);

    /// <summary>No usable answer came.</summary>
    public static FamilyAnswer Failed { get; } = new(NameStatus.Failed, []);

    /// <summary>The system has no descriptor or thread for the question.</summary>
    public static FamilyAnswer Busy { get; } = new(NameStatus.Busy, []);

    /// <summary>Addresses, or that there are none.</summary>
    public static FamilyAnswer Of(IReadOnlyList<IPAddress> addresses) => addresses.Count == 0 ? None : new FamilyAnswer(NameStatus.Found, addresses);
}
