using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The proxy port, open: TCP for callers, and UDP under the same number for their associations. Thread-safe.</summary>
internal sealed class ProxyPort : IListener
{
    /// <summary>How often the system may choose a UDP port whose number is taken for TCP.</summary>
    private const int MostTries = 20;

    private readonly IListener _listener;

    public ProxyPort(EndpointContext context, ProxyOptions options, RelayLoop loop, ProxyLogins? logins = null)
    {
        Context = context;
        Options = options;
        Logins = logins ?? new ProxyLogins(new ProxyUsers(options.Users), new LoginThrottle());
        _listener = Bind(loop);
    }

    public EndpointContext Context { get; }

    public ProxyOptions Options { get; }

    public ProxyLogins Logins { get; }

    public ProxyUsers Users => Logins.Users;

    /// <summary>Its UDP side.</summary>
    public ProxyDatagrams Datagrams { get; private set; } = null!;

    public IPEndPoint Address => _listener.Address;

    public void Close()
    {
        _listener.Close();
        Datagrams.Close();
    }

    private IListener Bind(RelayLoop loop)
    {
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
