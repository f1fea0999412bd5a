using System.Globalization;
using System.Net;
using System.Text.Json;

namespace IgsNetty.Relay.Routing;

/// <summary>What the access rules say to one caller and one address.</summary>
/// <param name="IsAllowed">It may be opened.</param>
/// <param name="Why">For the log: why not. Empty when it may.</param>
/// <param name="NeedsAddress">Only a rule with the address itself would let it, not one with the name that was asked for.</param>
public readonly record struct AccessDecision(bool IsAllowed, string Why, bool NeedsAddress)
{
    internal static AccessDecision Allowed => new(true, "", false);

    /// <summary>The entry of <c>Allow</c> that would let it, to paste into a configuration.</summary>
    /// <param name="caller">As in <see cref="AccessPolicy.Check"/>, as are the others.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="host">The name that was asked for, or null.</param>
    /// <param name="address">The address that was refused.</param>
    /// <param name="port">Its port.</param>
    public string MissingEntry(string caller, TransportProtocol protocol, string? host, IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        string destination = NeedsAddress || host is null ? address.ToString() : host;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{ \"From\": \"{JsonEncodedText.Encode(caller)}\", \"Protocol\": \"{(protocol == TransportProtocol.Udp ? "udp" : "tcp")}\", \"Destination\": \"{destination}\", \"Ports\": \"{port}\" }}");
    }
}
