using IgsNetty.Endpoints.Forwards;
using IgsNetty.Endpoints.LinkDialer;
using IgsNetty.Endpoints.Names;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Gateway.Certificates;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay;
using System.Net;

namespace IgsNetty.Gateway.Configuration;

/// <summary>The checked configuration of one gateway. Every rule of docs/configuration.md holds for it. Immutable.</summary>
internal sealed record GatewayConfiguration
{
    /// <summary>This gateway's name, as it tells its peers.</summary>
    public required string Name { get; init; }

    public required TransportKind Transport { get; init; }

    /// <summary><c>Gateway:Resolver</c>.</summary>
    public ResolverKind Resolver { get; init; }

    /// <summary>Event loops (0 to 64; 0: one per core).</summary>
    public required int Loops { get; init; }

    /// <summary>Where other gateways dial in. <c>[::]</c> stands for IPv6 and IPv4.</summary>
    public required IReadOnlyList<IPEndPoint> LinkListen { get; init; }

    public required IReadOnlyList<LinkDialOptions> LinkDial { get; init; }

    public required LinkSecurity Security { get; init; }

    /// <summary>Where the identity comes from, in mode tls; else null.</summary>
    public required CertificateFiles? Certificates { get; init; }

    public required KeepAliveOptions KeepAlive { get; init; }

    public required ReconnectOptions Reconnect { get; init; }

    public required ProxyOptions Proxy { get; init; }

    public required IReadOnlyList<ForwardOptions> Forwards { get; init; }

    /// <summary>First match wins.</summary>
    public required IReadOnlyList<RouteRule> Routes { get; init; }

    public required IReadOnlyList<AccessRule> Allow { get; init; }

    public required RelayLimits Limits { get; init; }

    public required PipelineOptions Pipeline { get; init; }

    /// <summary>The longest a loop of the epoll transport looks for something to do before it sleeps; zero: not at all.</summary>
    public required TimeSpan BusyPoll { get; init; }

    /// <summary>Checked, but this version opens no admin page.</summary>
    public required IPEndPoint? AdminListen { get; init; }

    /// <summary>What the log should say at start, each <c>Key: message</c>; none of it stops the gateway.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    private string ModeName => Security.Mode switch
    {
        LinkSecurityMode.Tls => "tls",
        LinkSecurityMode.SharedKey => "shared-key",
        _ => "none",
    };

    /// <summary>A summary for logs. The generated text would walk into the sections that hold secrets.</summary>
    public override string ToString() =>
        $"gateway {Name}: {LinkListen.Count} link listeners, {LinkDial.Count} dialled peers, link security {ModeName}, "
        + $"proxy {(Proxy.Enabled ? Proxy.Listen.ToString() : "off")}, {Forwards.Count} forwards, "
        + $"{Routes.Count} routes, {Allow.Count} access rules";
}
