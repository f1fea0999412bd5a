using System.Net;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Relay.Targets;

/// <summary>Who asks for a target. Access rules see <see cref="From"/>; shared resources are divided by group, then by origin.</summary>
/// <param name="From">A peer's name, <c>local</c>, or <c>user:NAME</c>: the <c>From</c> of the access rules.</param>
/// <param name="Address">Of the calling application, as <see cref="ClientPrefix"/> has it. Null when it is not told.</param>
public readonly record struct CallOrigin(string From, IPAddress? Address)
{
    /// <summary>The gateway itself: it resolves the names of the peers that it dials.</summary>
    public static CallOrigin Gateway { get; } = new("", null);

    /// <summary>A caller with an address, or without one.</summary>
    public static CallOrigin Of(string from, IPAddress? address) => new(from, address is null ? null : ClientPrefix.Of(address));

    /// <summary>All callers of this gateway's own endpoints are one group. The callers of each peer are another.</summary>
    public string Group => From.StartsWith(AccessPolicy.UserPrefix, StringComparison.Ordinal) ? AccessPolicy.Local : From;
}
