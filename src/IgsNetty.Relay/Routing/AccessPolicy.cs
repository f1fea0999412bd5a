using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// Who may open what from this gateway. Asked for every address that would be dialled or sent to, after names are resolved,
/// so a name cannot stand for an address that its caller may not open. Thread-safe.
/// </summary>
public sealed class AccessPolicy
{
    /// <summary>The <c>From</c> of callers that have no user name.</summary>
    public const string Local = "local";

    /// <summary>What stands before the name of an authenticated user of the proxy port.</summary>
    public const string UserPrefix = "user:";

    private readonly IReadOnlyList<AccessRule> _rules;
    private readonly OwnListeners _own;
    private readonly bool _localIsFree;

    /// <param name="rules">The <c>Allow</c> section; what no rule allows is refused.</param>
    /// <param name="onlyLoopbackListeners">With no rules at all and this true, local callers may open anything, peers nothing.</param>
    /// <param name="own">What the gateway listens on; null: nothing.</param>
    public AccessPolicy(IReadOnlyList<AccessRule> rules, bool onlyLoopbackListeners, OwnListeners? own = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        _own = own ?? new OwnListeners(new LocalNetworks());
        _localIsFree = rules.Count == 0 && onlyLoopbackListeners;
    }

    /// <summary>Does the rules' language use this name, so that a gateway called so would be taken for somebody else?</summary>
    public static bool IsReserved(string name) =>
        string.Equals(name, Local, StringComparison.OrdinalIgnoreCase) || string.Equals(name, RouteRule.Direct, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc cref="Check"/>
    public bool Allows(string caller, TransportProtocol protocol, string? host, IPAddress address, int port) =>
        Check(caller, protocol, host, address, port).IsAllowed;

    /// <param name="caller">A peer's name, <see cref="Local"/>, or <see cref="UserPrefix"/> and a name.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="host">The host name that was asked for, or null when it was an address.</param>
    /// <param name="address">The address that would be dialled, canonical.</param>
    /// <param name="port">Its port.</param>
    public AccessDecision Check(string caller, TransportProtocol protocol, string? host, IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(caller);
        AskedAddress asked = AskedAddress.Of(address, _own.Networks);
        bool isOwn = _own.Contains(protocol, asked.Plain, port) || (asked.Inner is not null && _own.Contains(protocol, address, port));
        bool mustBeNamed = isOwn || asked.Special is not null;
        bool isLocal = caller == Local || caller.StartsWith(UserPrefix, StringComparison.Ordinal);
        if (isLocal && _localIsFree && !isOwn && asked.Special is null or { IsLoopback: true })
        {
            return AccessDecision.Allowed;
        }

        foreach (AccessRule rule in _rules)
        {
            bool from = rule.From == "*" || rule.From == caller || (isLocal && rule.From == Local);
            bool speaksOfProtocol = rule.Protocol == TransportProtocol.Any || rule.Protocol == protocol;
            if (from && speaksOfProtocol && rule.Ports.Contains(port)
                && (mustBeNamed ? Names(rule, asked, host, isOwn, port) : Fits(rule, asked, host)))
            {
                return AccessDecision.Allowed;
            }
        }

        return new AccessDecision(false, Reason(asked, isOwn, isLocal && _localIsFree), mustBeNamed);
    }

    private static bool Fits(AccessRule rule, in AskedAddress asked, string? host) =>
        asked.IsIn(rule.Destination) || (host is not null && rule.Destination.MatchesHost(host));

    // A wide rule does not mean these. A host name does not either: who holds the name chooses the address.
    private static bool Names(AccessRule rule, in AskedAddress asked, string? host, bool isOwn, int port)
    {
        bool isLocalhost = host == DestinationPattern.Localhost && rule.Destination.IsLocalhost && asked.Special is { IsLoopback: true };
        bool isItself = asked.IsItself(rule.Destination) || isLocalhost;
        return isOwn ? isItself && rule.Ports.Lists(port) : isItself || asked.IsNamedBy(rule.Destination);
    }

    private static string Reason(in AskedAddress asked, bool isOwn, bool isFree)
    {
        string? what = isOwn ? "a listener of this gateway itself" : asked.Special?.What;
        string reason = what is null ? "no entry of Allow lets it" : $"{asked.Plain} is {what}, and no entry of Allow names it";
        return isFree ? reason + " (with a first entry there, local callers may open only what entries allow)" : reason;
    }
}
