using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// The proxy port, open: TCP for callers, and for their associations UDP under the same number, or a port for each. Thread-safe.
/// </summary>
internal sealed class ProxyPort : IListener
{
    /// <summary>How often the system may choose a UDP port whose number is taken for TCP.</summary>
    private const int MostTries = 20;

    private readonly IListener _listener;
    private readonly FlowService[] _services; // of each loop

    public ProxyPort(EndpointContext context, ProxyOptions options, RelayLoop loop, ProxyLogins? logins = null)
    {
        Context = context;
        Options = options;
        Logins = logins ?? new ProxyLogins(new ProxyUsers(options.Users), new LoginThrottle());
        _services = [.. context.Loops.Select(each => new FlowService(each, context.Links))];
        HasOwnUdpPorts = options.UdpPorts is not null || (Users.AreRequired && !options.SharesUdpPort);
        _listener = Bind(loop);
    }

    public EndpointContext Context { get; }

    public ProxyOptions Options { get; }

    public ProxyLogins Logins { get; }

    public ProxyUsers Users => Logins.Users;

    /// <summary>Its UDP side; null: each association has a port of its own.</summary>
    public ProxyDatagrams? Datagrams { get; private set; }

    /// <summary>Where associations get ports of their own.</summary>
    public UdpPortRange UdpPorts => Options.UdpPorts ?? UdpPortRange.Any;

    private bool HasOwnUdpPorts { get; }

    public IPEndPoint Address => _listener.Address;

    public void Close()
    {
        _listener.Close();
        Datagrams?.Close();
    }

    /// <summary>For the flows of associations whose port lives on this loop.</summary>
    public FlowService ServiceOf(IEventLoop loop) => _services.First(service => service.Loop.Loop == loop);

    /// <summary>Says in the log why a caller is turned away, once in a while for each reason.</summary>
    public void LogRefusal(IStreamSocket socket, string why)
    {
        EndPoint? remote = socket.Channel.RemoteAddress;
        if (Context.Throttle.TryPass((nameof(ProxyPort), ClientKey.Of(remote), why), out int more))
        {
            EndpointLog.ProxyCallerRefused(Context.Logger, remote, why, more);
        }
    }

    private IListener Bind(RelayLoop loop)
    {
        if (HasOwnUdpPorts)
        {
            return Context.Transport.Listen(Options.Listen, Accept);
        }

        for (int attempt = 1; ; attempt++)
        {
            // UDP first: once TCP listens, a caller may come, and ask for it.
            Datagrams = new ProxyDatagrams(Context, Options.Listen, loop);
            try
            {
                return Context.Transport.Listen(Datagrams.Address, Accept);
            }
            catch (SocketException) when (Options.Listen.Port == 0 && attempt < MostTries)
            {
                Datagrams.Close();
            }
            catch
            {
                Datagrams.Close();
                throw;
            }
        }
    }

    private void Accept(IStreamSocket socket, IEventLoop loop)
    {
        RelayLoop home = Context.LoopOf(loop);
        if (!IsClient(socket.Channel.RemoteAddress))
        {
            TurnAway(socket, home);
            return;
        }

        HandshakePass pass = Context.ProxyHandshakes.Enter(socket, home);
        socket.Channel.Pipeline.AddLast("proxy", new ProxyHandler(this, socket, pass));
        loop.RegisterAsync(socket.Channel);
    }

    private bool IsClient(EndPoint? remote) => Options.Clients.Count == 0
        || (remote is IPEndPoint { Address: var address } && Options.Clients.Any(client => client.Contains(TargetAddress.Canonical(address))));

    private void TurnAway(IStreamSocket socket, RelayLoop home)
    {
        EndPoint? remote = socket.Channel.RemoteAddress;
        home.Loop.RegisterAsync(socket.Channel);
        home.Loop.Execute(() =>
        {
            home.Totals.CallersRefused++;
            socket.Abort();
            if (Context.Throttle.TryPass((nameof(ProxyPort), ClientKey.Of(remote)), out int more))
            {
                EndpointLog.ProxyCallerRefused(Context.Logger, remote, "its address is not among Proxy:Clients", more);
            }
        });
    }
}
