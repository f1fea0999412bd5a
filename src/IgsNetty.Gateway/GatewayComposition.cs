using System.Net;
using DotNetty.Buffers;
using IgsNetty.Endpoints;
using IgsNetty.Endpoints.Names;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Protocol.Frames;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using IgsNetty.Transport.Epoll;
using IgsNetty.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway;

/// <summary>What a gateway is made of, put together in one place.</summary>
internal static class GatewayComposition
{
    public static GatewayService Compose(GatewayConfiguration configuration, ILoggerFactory logging)
    {
        RelayLimits limits = configuration.Limits;
        MemoryBudget memory = new((long)limits.MemoryMiB * 1024 * 1024);
        _ = EpollTransport.IsSupported(out string obstacle);
        TransportChoice choice = TransportChoice.Make(configuration.Transport, obstacle);
        ITransport transport = CreateTransport(choice.Kind, configuration, memory, logging);
        LocalNetworks networks = new();
        networks.ReadAhead();
        OwnListeners own = new(networks);
        AccessPolicy access = new(configuration.Allow, ListenAddresses(configuration).All(IPAddress.IsLoopback), own);
        ResolverChoice resolver = SystemResolver.Choose(configuration.Resolver);
        INameResolver names = SystemResolver.Create(resolver.Kind);
        TargetConnector connector = new(transport, access, names, limits, logging.CreateLogger("IgsNetty.Targets"));
        DatagramContext datagrams = new()
        {
            Transport = transport,
            Access = access,
            Flows = new FlowLimit<UdpAddress>(limits.UdpFlows, limits.UdpFlowsPerClient, "Limits:UdpFlowsPerClient"),
            ReplyPorts = new FlowLimit<string>(limits.UdpFlows, limits.UdpFlowsPerPeer, "Limits:UdpFlowsPerPeer"),
            Resolver = names,
            ResolveLimit = TimeSpan.FromSeconds(limits.ConnectSeconds),
            Logger = logging.CreateLogger("IgsNetty.Targets"),
        };
        LinkContext links = new()
        {
            Name = configuration.Name,
            Security = configuration.Security,
            KeepAlive = configuration.KeepAlive,
            Limits = limits,
            Memory = memory,
            Registry = new LinkRegistry(limits.OpensPerSecondPerPeer),
            Connector = connector,
            Datagrams = datagrams,
            Logger = logging.CreateLogger("IgsNetty.Links"),
            Pipeline = configuration.Pipeline,
        };
        EndpointContext endpoints = new()
        {
            Transport = transport,
            Loops = [.. transport.Loops.Select(loop => new RelayLoop(loop, TimeSpan.FromSeconds(limits.HalfCloseLingerSeconds), datagrams))],
            Links = links,
            Routes = new RouteTable(configuration.Routes),
            Connector = connector,
            Names = names,
            Limits = limits,
            LinkHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            ProxyHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            Logger = logging.CreateLogger("IgsNetty.Endpoints"),
        };
        return new GatewayService(configuration, endpoints, own, choice, resolver, logging.CreateLogger("IgsNetty.Gateway"));
    }

    // The one place where the transport is chosen.
    private static ITransport CreateTransport(TransportKind kind, GatewayConfiguration configuration, MemoryBudget memory, ILoggerFactory logging)
    {
        int loops = configuration.Loops > 0 ? configuration.Loops : Environment.ProcessorCount;
        PooledByteBufferAllocator allocator = RelayAllocator.Create(loops);
        ReceiveBuffers receiveBuffers = new(
            FrameHeader.Size, configuration.Pipeline.BufferBytes, configuration.Pipeline.ReadBytesPerTurn, () => memory.IsUnderPressure);
        ILogger logger = logging.CreateLogger("IgsNetty.Transport");
        return kind == TransportKind.Epoll
            ? new EpollTransport(loops, allocator, receiveBuffers, configuration.BusyPoll, logger)
            : new SocketTransport(loops, allocator, receiveBuffers, logger);
    }

    /// <summary>Of every listener, TCP and UDP: one beyond loopback ends the freedom of local callers.</summary>
    internal static IEnumerable<IPAddress> ListenAddresses(GatewayConfiguration configuration) =>
        configuration.LinkListen.Select(address => address.Address)
            .Concat(configuration.Forwards.Select(forward => forward.Listen.Address))
            .Concat(configuration.Proxy.Enabled ? [configuration.Proxy.Listen.Address] : []);
}
