using System.Net;

namespace IgsNetty.Relay.Targets;

/// <summary>The addresses of a name. Immutable.</summary>
/// <param name="Status">How the look-up ended.</param>
/// <param name="Addresses">Canonical and distinct, in the order in which they are to be tried. Empty unless found.</param>
public sealed record NameAnswer(NameStatus Status, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>
    /// Addresses of the other family when its answer is still missing; null when nothing more can come. Never faults. Empty when nothing came.
    /// </summary>
    public Task<IReadOnlyList<IPAddress>>? Late { get; init; }

    /// <summary>A name with addresses.</summary>
    public static NameAnswer Found(IReadOnlyList<IPAddress> addresses) => new(NameStatus.Found, addresses);

    /// <summary>A name without an address, and the reason.</summary>
    public static NameAnswer Without(NameStatus status) => new(status, []);
}
