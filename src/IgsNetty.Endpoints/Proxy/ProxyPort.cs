using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The proxy port, open: TCP for callers, and UDP under the same number for their associations. Thread-safe.</summary>
internal sealed class ProxyPort : IListener
{
    /// <summary>How often the system may choose a UDP port whose number is taken for TCP.</summary>
    private const int MostTries = 20;

    private readonly IListener _listener;

    public ProxyPort(EndpointContext context, ProxyOptions options, RelayLoop loop)
    {
        Context = context;
        Options = options;
        Users = new ProxyUsers(options.Users);
        _listener = Bind(loop);
    }

    public EndpointContext Context { get; }

    public ProxyOptions Options { get; }

    public ProxyUsers Users { get; }

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
        socket.Channel.Pipeline.AddLast("proxy", new ProxyHandler(this, socket));
        loop.RegisterAsync(socket.Channel);
    }
}
