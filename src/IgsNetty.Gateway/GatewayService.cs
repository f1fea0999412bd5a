using System.Net;
using System.Net.Sockets;
using System.Text;
using IgsNetty.Endpoints;
using IgsNetty.Endpoints.Forwards;
using IgsNetty.Endpoints.LinkDialer;
using IgsNetty.Endpoints.LinkListener;
using IgsNetty.Endpoints.Names;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Gateway.Certificates;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway;

/// <summary>A gateway's life: binds everything, dials, and takes it all down again in the other order.</summary>
internal sealed class GatewayService(
    GatewayConfiguration configuration, EndpointContext context, OwnListeners own, TransportChoice choice, ResolverChoice resolver, ILogger logger)
{
    /// <summary>How long peers may take to hear the goodbye.</summary>
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long stopping may take in all. The loops are background threads: the process ends without them if need be.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    /// <summary>What a gateway cannot do without: the reserve, what the runtime and its assemblies hold, and some sockets.</summary>
    private const int FewestDescriptors = 512;

    private readonly List<IListener> _listeners = [];
    private readonly List<LinkDialerEndpoint> _dialers = [];
    private readonly MemoryTrim _trim = new(context.Loops);
    private readonly RelayMetrics _metrics = new(context.Loops, context.Links.Memory, context.Links.Security.Tls);
    private CertificateWatch? _certificates;

    /// <returns>For the ready line: a space, a name, an equals sign and an address for each listener.</returns>
    /// <exception cref="GatewayStartException">A listener cannot be bound, or the limit of open files is too low.</exception>
    public string Start()
    {
        GatewayLog.Starting(logger, configuration, context.Transport.Name, choice.Why, context.Loops.Count);
        GatewayLog.MemoryInUse(logger, configuration.Limits.MemoryMiB, MemoryDefault.AvailableMiB);
        GatewayLog.Resolving(logger, resolver.Kind, resolver.Why);
        if (DescriptorReserve.Limit() is < FewestDescriptors and int limit)
        {
            throw new GatewayStartException(
                $"the limit of open files is {limit}, too few for a gateway: set it to {FewestDescriptors} at least, better the calls you expect twice over and some hundreds (LimitNOFILE, ulimit -Hn)");
        }

        foreach (string warning in configuration.Warnings)
        {
            GatewayLog.ConfigurationWarning(logger, warning);
        }

        if (configuration.Certificates is { } files && context.Links.Security.Tls is { } tls)
        {
            _certificates = new CertificateWatch(files, tls, logger, TimeProvider.System);
        }

        StringBuilder ready = new();
        for (int i = 0; i < configuration.LinkListen.Count; i++)
        {
            string key = $"Links:Listen:{i}";
            IPEndPoint address = Here(key, configuration.LinkListen[i]);
            Bind("link", TransportProtocol.Tcp, key, address, () => LinkListenerEndpoint.Open(context, address));
        }

        if (configuration.Proxy.Enabled)
        {
            ProxyOptions proxy = configuration.Proxy with { Listen = Here("Proxy:Listen", configuration.Proxy.Listen) };
            Bind("proxy", TransportProtocol.Any, "Proxy:Listen", proxy.Listen, () => ProxyEndpoint.Open(context, proxy, NextLoop()));
        }

        for (int i = 0; i < configuration.Forwards.Count; i++)
        {
            string key = $"Forwards:{i}:Listen";
            ForwardOptions forward = configuration.Forwards[i] with { Listen = Here(key, configuration.Forwards[i].Listen) };
            Bind($"forward.{forward.Name}", forward.Protocol, key, forward.Listen, () => OpenForward(forward));
        }

        _dialers.AddRange(configuration.LinkDial.Select(dial => LinkDialerEndpoint.Start(context, dial, configuration.Reconnect)));
        return ready.ToString();

        IListener OpenForward(ForwardOptions forward) => forward.Protocol == TransportProtocol.Udp
            ? UdpForwardEndpoint.Open(context, forward, NextLoop())
            : TcpForwardEndpoint.Open(context, forward);

        // UDP sockets stay on the loop that they are given, so they are dealt out.
        RelayLoop NextLoop() => context.Loops[_listeners.Count % context.Loops.Count];

        void Bind(string name, TransportProtocol protocol, string key, IPEndPoint address, Func<IListener> open)
        {
            try
            {
                IListener listener = open();
                _listeners.Add(listener);
                own.Add(listener.Address, protocol);
                ready.Append(' ').Append(name).Append('=').Append(listener.Address);
            }
            catch (SocketException e)
            {
                throw new GatewayStartException($"{key}: cannot listen on {address}: {e.Message}; {Listening.Advice(e.SocketErrorCode)}", e);
            }
        }

        IPEndPoint Here(string key, IPEndPoint address)
        {
            IPEndPoint here = Listening.Here(address, Socket.OSSupportsIPv6);
            if (here != address)
            {
                GatewayLog.NoIPv6(logger, key, here);
            }

            return here;
        }
    }

    /// <summary>Stops: no new callers, peers are told, live calls are reset. Comes back within a few seconds whatever happens.</summary>
    public async Task StopAsync()
    {
        try
        {
            await Task.Run(StopAllAsync).WaitAsync(StopLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GatewayLog.StopTimedOut(logger, StopLimit.TotalSeconds);
        }
    }

    private async Task StopAllAsync()
    {
        _listeners.ForEach(listener => listener.Close());
        _dialers.ForEach(dialer => dialer.Stop());
        List<Task> ending = [.. context.Loops.Select(loop => loop.ResetDirectCallsAsync())];
        foreach (Link link in context.Links.Registry.Links)
        {
            link.Loop.Loop.Execute(() => link.Close(GoAwayReason.Shutdown, "the gateway stops"));
            ending.Add(link.ChannelClosed);
        }

        try
        {
            await Task.WhenAll(ending).WaitAsync(GoodbyeLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GatewayLog.GoodbyeTimedOut(logger, GoodbyeLimit.TotalSeconds);
        }

        _certificates?.Dispose();
        _trim.Dispose();
        _metrics.Dispose();
        await context.Transport.DisposeAsync().ConfigureAwait(false);
    }
}
