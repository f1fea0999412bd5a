using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// The far end of one datagram of a flow: where it goes, or where it came from. A value, so that a datagram costs no
/// object; only a host name is one.
/// </summary>
/// <param name="Ip">An address, or the default value.</param>
/// <param name="Name">A host name that the called side resolves, or null.</param>
public readonly record struct FlowAddress(UdpAddress Ip, TargetAddress? Name)
{
    /// <summary>The target that the flow was opened for.</summary>
    public static FlowAddress OfTarget => default;

    /// <summary>Is it the target that the flow was opened for?</summary>
    public bool IsTarget => Name is null && !Ip.IsTold;

    /// <summary>An address as such, a host name as such.</summary>
    public static FlowAddress From(TargetAddress target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Address is { } address ? new FlowAddress(UdpAddress.FromIP(address, target.Port), null) : new FlowAddress(default, target);
    }

    /// <summary>For logs and routes: an object.</summary>
    public TargetAddress ToTarget() => Name ?? TargetAddress.FromIP(Ip.ToIPAddress(), Ip.Port);
}
