using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Protocol.Values;

/// <summary>
/// Where a stream goes: an IP address or a host name, and a port. Always canonical: an IPv4-mapped IPv6 address is
/// kept as IPv4, the old spellings of IPv4 (<c>127.1</c>, <c>0x7f000001</c>, <c>017700000001</c>) are kept as the
/// address they mean, host names are lower case without a trailing dot. So two equal targets compare equal, and an
/// access rule cannot be passed by spelling.
/// </summary>
public sealed record TargetAddress
{
    /// <summary>The longest host name on the wire, in bytes (RFC 1035 §2.3.4, as text).</summary>
    public const int MaxHostBytes = 253;

    private TargetAddress(IPAddress? address, string? host, int port)
    {
        Address = address;
        Host = host;
        Port = port;
    }

    /// <summary>The IP address, or null when the target is a host name that the called side resolves.</summary>
    public IPAddress? Address { get; }

    /// <summary>The host name, or null when the target is an IP address.</summary>
    public string? Host { get; }

    /// <summary>0 to 65535. 0 stands for "none" in a bound address; it is never a valid target.</summary>
    public int Port { get; }

    /// <summary>Makes a target from an address. IPv4-mapped IPv6 becomes IPv4; a scope ID is dropped.</summary>
    public static TargetAddress FromIP(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        return new TargetAddress(Canonical(address), null, port);
    }

    /// <summary>Makes a target from an endpoint, as <see cref="FromIP"/> does.</summary>
    public static TargetAddress FromEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return FromIP(endPoint.Address, endPoint.Port);
    }

    /// <summary>Makes a target from the host part of a request: an address in any spelling, or a host name.</summary>
    /// <returns>False when the host is neither, with what is wrong in <paramref name="error"/>.</returns>
    public static bool TryCreate(string host, int port, out TargetAddress target, out string error)
    {
        ArgumentNullException.ThrowIfNull(host);
        target = null!;
        if (port is < 1 or > 65535)
        {
            error = $"port {port} is not in 1-65535";
            return false;
        }

        string name = host.EndsWith('.') ? host[..^1] : host;
        // The parser would take a scope ID along, and silently drop the port of "[::1]:80".
        bool plain = !name.Contains('%', StringComparison.Ordinal) && (!name.StartsWith('[') || name.EndsWith(']'));
        if (plain && IPAddress.TryParse(name, out IPAddress? address))
        {
            target = new TargetAddress(Canonical(address), null, port);
            error = "";
            return true;
        }

        if (!IsHostName(name, out error))
        {
            return false;
        }

        target = new TargetAddress(null, name.ToLowerInvariant(), port);
        return true;
    }

    /// <summary>Parses <c>host:port</c>, <c>a.b.c.d:port</c> or <c>[v6]:port</c>.</summary>
    public static bool TryParse(string text, out TargetAddress target, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        target = null!;
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            error = "it must be HOST:PORT, with an IPv6 address in brackets: [::1]:80";
            return false;
        }

        string host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            if (!host.Contains(':', StringComparison.Ordinal))
            {
                error = "only an IPv6 address goes in brackets";
                return false;
            }
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            error = "an IPv6 address goes in brackets: [::1]:80";
            return false;
        }

        return TryCreate(host, port, out target, out error);
    }

    /// <summary>IPv4-mapped IPv6 as IPv4, without a scope ID: the one spelling under which addresses are compared.</summary>
    public static IPAddress Canonical(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
    }

    /// <inheritdoc/>
    public override string ToString() => Host is not null
        ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}")
        : new IPEndPoint(Address!, Port).ToString();

    private static bool IsHostName(string name, out string error)
    {
        if (name.Length is 0 or > MaxHostBytes)
        {
            error = name.Length == 0 ? "the host is empty" : $"the host name is longer than {MaxHostBytes} characters";
            return false;
        }

        int label = 0;
        foreach (char c in name)
        {
            bool good = char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
            label = c == '.' ? 0 : label + 1;
            if ((!good && c != '.') || label > 63 || (c == '.' && label == 0 && name.StartsWith('.')))
            {
                error = "the host name may hold letters, digits, '-', '_' and single dots, with at most 63 characters between dots";
                return false;
            }
        }

        // The one dot that may end a name is cut off before: "example.com.." would be a second spelling of example.com.
        bool empty = name.Contains("..", StringComparison.Ordinal) || name.EndsWith('.');
        error = empty ? "the host name has an empty part between two dots" : "";
        return !empty;
    }
}
