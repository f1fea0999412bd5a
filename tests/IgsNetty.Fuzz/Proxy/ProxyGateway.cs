using IgsNetty.Endpoints;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;

namespace IgsNetty.Fuzz.Proxy;

/// <summary>The proxy port of a gateway on one loop, whose network is the fuzz target.</summary>
internal sealed class ProxyGateway
{
    /// <summary>The user that there is, when there must be one.</summary>
    public const string User = "ann";

    /// <summary>Her password.</summary>
    public const string Password = "open sesame";

    private readonly List<EmbeddedStreamSocket> _sockets = [];

    public ProxyGateway(bool hasUsers)
    {
        RelayLimits limits = new();
        AccessPolicy access = Udp.Everybody;
        Relay.Datagrams.DatagramContext datagrams = Udp.Context(Transport, Log, access) with { Resolver = Resolver };
        LinkContext links = new()
        {
            Name = "site-a",
            Security = LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = limits,
            Memory = new MemoryBudget(1 << 20),
            Registry = new LinkRegistry(1000),
            Connector = Connector,
            Datagrams = datagrams,
            Logger = Log,
        };
        EndpointContext context = new()
        {
            Transport = Transport,
            Loops = [Udp.Loop(Loop, datagrams)],
            Links = links,
            Routes = new RouteTable([]),
            Connector = Connector,
            Names = Resolver,
            Limits = limits,
            LinkHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            ProxyHandshakes = new HandshakeGate(limits.PendingHandshakes, limits.PendingHandshakesPerAddress),
            Logger = Log,
        };
        ProxyOptions options = new() { Users = hasUsers ? new Dictionary<string, string> { [User] = Password } : [] };
        Port = new ProxyPort(context, options, context.Loops[0]);
    }

    public ManualEventLoop Loop { get; } = new();

    public LeakCheck Buffers { get; } = new();

    public FakeConnector Connector { get; } = new();

    public FakeTransport Transport { get; } = new();

    public FakeResolver Resolver { get; } = new();

    public CapturingLogger Log { get; } = new();

    public ProxyPort Port { get; }

    /// <summary>Somebody connects to the port.</summary>
    public EmbeddedStreamSocket Accept()
    {
        EmbeddedStreamSocket socket = new(Loop, Buffers, register: false);
        socket.Pipeline.AddLast("proxy", new ProxyHandler(Port, socket, Port.Context.ProxyHandshakes.Enter(socket, Port.Context.Loops[0])));
        Loop.RegisterAsync(socket);
        _sockets.Add(socket);
        Loop.RunTasks();
        return socket;
    }

    /// <summary>A connection to a target.</summary>
    public EmbeddedStreamSocket NewTarget()
    {
        EmbeddedStreamSocket socket = new(Loop, Buffers);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Everybody goes away. Nothing may be left.</summary>
    public void End()
    {
        foreach (EmbeddedStreamSocket socket in _sockets)
        {
            _ = socket.CloseAsync();
            Loop.RunTasks();
            socket.CheckException();
            FuzzException.Unless(socket.InboundMessages.Count == 0, "a message fell through the pipeline");
        }

        Port.Close();
        foreach (string name in Resolver.Asked.Distinct())
        {
            while (Resolver.TryAnswer(name))
            {
            }
        }

        Loop.Advance(TimeSpan.FromMinutes(2));
        Buffers.AssertNoLeaks();
        FuzzException.Unless(Transport.Datagrams.All(socket => socket.IsClosed || socket.IsSendOnly), "a UDP port stays open");
        FuzzException.Unless(Log.Entries.All(entry => entry.Exception is null), $"it logs {Log.Entries.FirstOrDefault(entry => entry.Exception is not null)}");
    }
}
