using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// Destination → peer or direct; the first rule that matches decides. A host name is matched by its text only: it is
/// resolved at the called side, so address rules cannot speak of it here. Immutable.
/// </summary>
/// <param name="rules">As configured; with none, everything is opened from this gateway.</param>
public sealed class RouteTable(IReadOnlyList<RouteRule> rules)
{
    /// <returns>A peer's name, <see cref="RouteRule.Direct"/>, or null when no rule matches.</returns>
    public string? Find(TargetAddress target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (rules.Count == 0)
        {
            return RouteRule.Direct;
        }

        foreach (RouteRule rule in rules)
        {
            bool matches = target.Host is { } host ? rule.Destination.MatchesHost(host) : rule.Destination.MatchesAddress(target.Address!);
            if (matches && rule.Ports.Contains(target.Port))
            {
                return rule.Via;
            }
        }

        return null;
    }
}
