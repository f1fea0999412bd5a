using System.Globalization;
using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// The <c>Destination</c> of a route or an access rule: <c>*</c>, an address, a CIDR block, a host name, or
/// <c>*.suffix</c>. Immutable; compares canonical forms only.
/// </summary>
public sealed class DestinationPattern
{
    /// <summary>The name of the machine itself (RFC 6761 §6.3).</summary>
    internal const string Localhost = "localhost";

    private readonly string _text;
    private readonly IPNetwork? _network;
    private readonly string? _name;

    private DestinationPattern(string text, IPNetwork? network, string? name)
    {
        _text = text;
        _network = network;
        _name = name;
    }

    /// <summary>Matches every destination.</summary>
    public static DestinationPattern Any { get; } = new("*", null, null);

    /// <returns>False with what would be right in <paramref name="error"/>.</returns>
    public static bool TryParse(string text, out DestinationPattern pattern, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = Any;
        error = "";
        if (text == "*")
        {
            return true;
        }

        if (text.Contains('/', StringComparison.Ordinal) || IPAddress.TryParse(text, out _))
        {
            return TryParseNetwork(text, out pattern, out error);
        }

        string name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        if (!Protocol.Values.TargetAddress.TryCreate(name, 1, out Protocol.Values.TargetAddress host, out error))
        {
            error = $"{error}; a destination is '*', an address, a CIDR block such as 10.1.0.0/16, a host name, or '*.' and a domain";
            return false;
        }

        if (host.Host is null)
        {
            // "10.1.2.3." is an address to TargetAddress; kept as a pattern without a name it would match everything.
            error = "it must be an address without a dot at its end, or '*.' and a domain, not '*.' and an address";
            return false;
        }

        pattern = new DestinationPattern(text, null, name.Length == text.Length ? host.Host : "." + host.Host);
        return true;
    }

    /// <summary>True for every destination, host names too.</summary>
    public bool MatchesAll => _network is null && _name is null;

    /// <summary>The address or block; null when it is a name, or everything.</summary>
    public IPNetwork? Network => _network;

    /// <summary>Bits of the block's prefix; -1 when it is no address and no block.</summary>
    internal int PrefixLength => _network?.PrefixLength ?? -1;

    /// <summary>One address, not a block.</summary>
    internal bool IsSingleAddress => _network is { } network && network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;

    /// <summary>The name <c>localhost</c>.</summary>
    internal bool IsLocalhost => _name == Localhost;

    /// <summary>Does this pattern name the host? A CIDR pattern never matches a name.</summary>
    public bool MatchesHost(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return MatchesAll || (_name is not null && (_name[0] == '.'
            ? host.Length > _name.Length && host.EndsWith(_name, StringComparison.Ordinal)
            : string.Equals(host, _name, StringComparison.Ordinal)));
    }

    /// <summary>Does this pattern hold the canonical address? A name pattern never matches an address.</summary>
    public bool MatchesAddress(IPAddress address) => MatchesAll || (_network is { } network && network.Contains(address));

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool TryParseNetwork(string text, out DestinationPattern pattern, out string error)
    {
        pattern = Any;
        string[] parts = text.Split('/');
        if (parts.Length > 2 || text.AsSpan().IndexOfAny("[]%") >= 0 || !IPAddress.TryParse(parts[0], out IPAddress? parsed))
        {
            error = "it must be an address or a CIDR block such as 10.1.0.0/16 or fd00::/8, without brackets, port or scope ID";
            return false;
        }

        IPAddress address = Protocol.Values.TargetAddress.Canonical(parsed);
        int longest = address.GetAddressBytes().Length * 8;
        int prefix = longest;
        bool isNumber = parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix);
        if (!isNumber || prefix > longest)
        {
            error = $"the prefix length must be 0 to {longest}";
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < longest; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                error = $"it has address bits beyond /{prefix}; write the first address of the block, or leave the prefix away";
                return false;
            }
        }

        pattern = new DestinationPattern(text, new IPNetwork(address, prefix), null);
        error = "";
        return true;
    }
}
