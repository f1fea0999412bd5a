using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// Who may open what from this gateway. Asked for every address that would be dialled, after names are resolved, so a
/// name cannot stand for an address that its caller may not open. Immutable.
/// </summary>
public sealed class AccessPolicy
{
    /// <summary>The <c>From</c> of callers that have no user name.</summary>
    public const string Local = "local";

    /// <summary>What stands before the name of an authenticated user of the proxy port.</summary>
    public const string UserPrefix = "user:";

    private readonly IReadOnlyList<AccessRule> _rules;
    private readonly bool _localMayOpenAnything;

    /// <param name="rules">The <c>Allow</c> section; what no rule allows is refused.</param>
    /// <param name="onlyLoopbackListeners">With no rules at all and this true, local callers may open anything, peers nothing.</param>
    public AccessPolicy(IReadOnlyList<AccessRule> rules, bool onlyLoopbackListeners)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        _localMayOpenAnything = rules.Count == 0 && onlyLoopbackListeners;
    }

    /// <summary>Does the rules' language use this name, so that a gateway called so would be taken for somebody else?</summary>
    public static bool IsReserved(string name) =>
        string.Equals(name, Local, StringComparison.OrdinalIgnoreCase) || string.Equals(name, RouteRule.Direct, StringComparison.OrdinalIgnoreCase);

    /// <param name="caller">A peer's name, <see cref="Local"/>, or <see cref="UserPrefix"/> and a name.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="host">The host name that was asked for, or null when it was an address.</param>
    /// <param name="address">The address that would be dialled, canonical.</param>
    /// <param name="port">Its port.</param>
    public bool Allows(string caller, TransportProtocol protocol, string? host, IPAddress address, int port)
    {
        bool isLocal = caller == Local || caller.StartsWith(UserPrefix, StringComparison.Ordinal);
        if (isLocal && _localMayOpenAnything)
        {
            return true;
        }

        foreach (AccessRule rule in _rules)
        {
            bool from = rule.From == "*" || rule.From == caller || (isLocal && rule.From == Local);
            bool speaksOfProtocol = rule.Protocol == TransportProtocol.Any || rule.Protocol == protocol;
            bool destination = rule.Destination.MatchesAddress(address) || (host is not null && rule.Destination.MatchesHost(host));
            if (from && speaksOfProtocol && destination && rule.Ports.Contains(port))
            {
                return true;
            }
        }

        return false;
    }
}
