using System.Net;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Channels;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IgsNetty.TestKit.Relay;

/// <summary>What UDP flows share in a test.</summary>
public static class Udp
{
    /// <summary>Anybody may send anywhere.</summary>
    public static AccessPolicy Everybody { get; } = Allow("*", "*");

    /// <summary>With room for a thousand flows, and every target allowed to local callers.</summary>
    public static DatagramContext Context(ITransport transport, ILogger? log = null, AccessPolicy? access = null) => new()
    {
        Transport = transport,
        Access = access ?? new AccessPolicy([], onlyLoopbackListeners: true),
        Flows = new FlowLimit<UdpAddress>(1000, 1000, "Limits:UdpFlowsPerClient"),
        ReplyPorts = new FlowLimit<string>(1000, 1000, "Limits:UdpFlowsPerPeer"),
        Resolver = new LambdaResolver(static (_, _) => Task.FromResult<IPAddress[]>([])),
        ResolveLimit = TimeSpan.FromHours(1), // on the system's clock
        Logger = log ?? NullLogger.Instance,
    };

    /// <summary>One loop, whose UDP flows have its time.</summary>
    public static RelayLoop Loop(ManualEventLoop loop, DatagramContext datagrams)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new RelayLoop(loop, TimeSpan.FromHours(1), datagrams) { Clock = () => (long)loop.Now.TotalMilliseconds };
    }

    /// <summary>A rule for UDP; the destinations are addresses, networks or host patterns.</summary>
    public static AccessPolicy Allow(string from, params IEnumerable<string> destinations) => new(
        [
            .. destinations.Select(destination =>
                DestinationPattern.TryParse(destination, out DestinationPattern pattern, out string error)
                && PortSet.TryParse("1-65535", out PortSet ports, out error)
                    ? new AccessRule(from, TransportProtocol.Udp, pattern, ports)
                    : throw new ArgumentException(error, nameof(destinations))),
        ],
        onlyLoopbackListeners: false);

    /// <summary>One rule for everything, at the gateway of <see cref="AccessCases"/>.</summary>
    public static AccessPolicy AtListeners(string from, string destination, string ports)
    {
        (string address, int prefix) = AccessCases.Machine;
        OwnListeners own = new(new LocalNetworks(() => [(IPAddress.Parse(address), prefix)]));
        foreach (string listener in AccessCases.Listeners)
        {
            own.Add(IPEndPoint.Parse(listener), TransportProtocol.Any);
        }

        return DestinationPattern.TryParse(destination, out DestinationPattern pattern, out string error) && PortSet.TryParse(ports, out PortSet set, out error)
            ? new AccessPolicy([new AccessRule(from, TransportProtocol.Any, pattern, set)], onlyLoopbackListeners: true, own)
            : throw new ArgumentException(error, nameof(destination));
    }

    public static UdpAddress Address(string text) => UdpAddress.FromEndPoint(IPEndPoint.Parse(text));
}
