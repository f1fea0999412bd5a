using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// Addresses that stand for this machine, for everybody, or for the keys of a cloud account. Hardly anybody who allows a
/// wide block means them, so a rule has to name them (docs/configuration.md, Allow).
/// </summary>
/// <param name="What">What they are, for a message: "a loopback address".</param>
/// <param name="Network">Which they are. A rule for a block inside it names them.</param>
internal sealed record SpecialRange(string What, IPNetwork Network)
{
    private const string LoopbackText = "a loopback address";
    private const string LinkLocalText = "a link-local address";
    private const string MulticastText = "a multicast address";
    private const string UnspecifiedText = "an unspecified address";
    private const string BroadcastText = "a broadcast address";
    private const string MetadataText = "a metadata address of a cloud";

    // The narrow ones first: the block around a metadata address does not name it.
    private static readonly SpecialRange[] All =
    [
        New(MetadataText, "169.254.169.254/32"), // AWS, Azure, Google, OpenStack and others
        New(MetadataText, "169.254.170.2/32"),   // AWS, credentials of a container
        New(MetadataText, "169.254.170.23/32"),  // AWS, credentials of a pod
        New(MetadataText, "100.100.100.200/32"), // Alibaba
        New(MetadataText, "168.63.129.16/32"),   // Azure, the platform's own server
        New(MetadataText, "192.0.0.192/32"),     // Oracle
        New(MetadataText, "fd00:ec2::254/128"),  // AWS
        New(MetadataText, "fd00:ec2::23/128"),   // AWS, credentials of a pod
        New(MetadataText, "fd20:ce::254/128"),   // Google
        New(LoopbackText, "127.0.0.0/8"),
        New(LoopbackText, "::1/128"),
        New(UnspecifiedText, "0.0.0.0/8"),       // RFC 1122: "this network"; Linux takes 0.0.0.0 for 127.0.0.1
        New(UnspecifiedText, "::/128"),
        New(LinkLocalText, "169.254.0.0/16"),
        New(LinkLocalText, "fe80::/10"),
        New(MulticastText, "224.0.0.0/4"),
        New(MulticastText, "ff00::/8"),
        New(BroadcastText, "255.255.255.255/32"),
    ];

    /// <summary>This machine's own.</summary>
    public bool IsLoopback => What == LoopbackText;

    /// <summary>The machine itself, by an address that stands for all of its own.</summary>
    public bool IsUnspecified => What == UnspecifiedText;

    /// <returns>Null for an ordinary address.</returns>
    public static SpecialRange? Find(IPAddress address) => Array.Find(All, range => range.Network.Contains(address));

    /// <summary>The broadcast address of a network that this machine is in.</summary>
    public static SpecialRange Broadcast(IPAddress address) => new(BroadcastText, new IPNetwork(address, 32));

    private static SpecialRange New(string what, string network) => new(what, IPNetwork.Parse(network));
}
