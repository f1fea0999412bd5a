using System.Net;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>The proxy port of a gateway that opens everything from here. Datagrams are written "address bytes-in-hex".</summary>
public abstract class AssociationTest : IDisposable
{
    private protected const string Client = "192.168.0.7:40000";
    private protected const string Target = "10.1.2.3:53";

    private readonly LeakCheck _buffers = new();
    private readonly List<EmbeddedStreamSocket> _sockets = [];
    private readonly Lazy<ProxyPort> _port;

    protected AssociationTest() => _port = new Lazy<ProxyPort>(() =>
    {
        Context = Contexts.Direct(Loop, new FakeConnector(), Log, Transport, Routes, Access);
        return new ProxyPort(Context, new ProxyOptions { Users = Users, UdpPorts = UdpPorts, SharesUdpPort = SharesUdpPort }, Context.Loops[0]);
    });

    private protected ManualEventLoop Loop { get; } = new();

    private protected FakeTransport Transport { get; } = new();

    private protected CapturingLogger Log { get; } = new();

    private protected RouteTable Routes { get; set; } = new([]);

    private protected AccessPolicy? Access { get; set; }

    private protected IReadOnlyDictionary<string, string> Users { get; set; } = new Dictionary<string, string>();

    private protected UdpPortRange? UdpPorts { get; set; }

    private protected bool SharesUdpPort { get; set; }

    private protected EndpointContext Context { get; private set; } = null!;

    private protected LoopTotals Totals => Context.Loops[0].Totals;

    private protected ProxyPort Port => _port.Value;

    /// <summary>The proxy's UDP socket.</summary>
    private protected FakeDatagramSocket Proxy => Transport.Datagrams[0];

    public void Dispose()
    {
        foreach (EmbeddedStreamSocket socket in _sockets)
        {
            _ = socket.CloseAsync();
            Loop.RunTasks();
            socket.CheckException();
            Assert.Empty(socket.InboundMessages);
        }

        Loop.RunTasks();
        Assert.Equal((0, 0), (Context.Links.Datagrams.Flows.Count, Context.Links.Datagrams.ReplyPorts.Count));
        Assert.All(Transport.Datagrams.Skip(1), socket => Assert.True(socket.IsClosed || socket.IsSendOnly));
        _buffers.AssertNoLeaks();
        Assert.DoesNotContain(Log.Entries, entry => entry.Exception is not null);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that asks for an association, up to the answer.</summary>
    /// <param name="stated">Where it says it will send from.</param>
    /// <param name="ip">Its IP address.</param>
    /// <param name="options">Of the options method, in hex, without version and count; null: the method is not used.</param>
    private protected EmbeddedStreamSocket Associate(string stated = "0.0.0.0:0", string ip = "192.168.0.7", string? options = null)
    {
        EmbeddedStreamSocket socket = Connect(ip);
        IPEndPoint address = IPEndPoint.Parse(stated);
        byte[] octets = address.Address.GetAddressBytes();
        byte[] hello = options is null ? [5, 1, 0] : [5, 1, 0x9B, 1, 1, .. Convert.FromHexString(options)];
        Say(socket, [.. hello, 5, 3, 0, octets.Length == 4 ? (byte)1 : (byte)4, .. octets, (byte)(address.Port >> 8), (byte)address.Port]);
        string greeting = options is null ? "0500" : "059b0100";
        Assert.Equal(greeting + "050000010a000001" + "4f50", Convert.ToHexStringLower(socket.Output.Take()));
        return socket;
    }

    private protected EmbeddedStreamSocket Connect(string ip = "192.168.0.7")
    {
        EmbeddedStreamSocket socket = new(Loop, _buffers, register: false) { ConnectedTo = new IPEndPoint(IPAddress.Parse(ip), 50_000) };
        socket.Pipeline.AddLast("proxy", new ProxyHandler(Port, socket, Port.Context.ProxyHandshakes.Enter(socket, Port.Context.Loops[0])));
        Loop.RegisterAsync(socket);
        _sockets.Add(socket);
        return socket;
    }

    private protected void Say(EmbeddedStreamSocket socket, byte[] bytes)
    {
        socket.Receive(bytes);
        Loop.RunTasks();
    }

    /// <summary>A client's datagram comes.</summary>
    private protected void Receive(string client, string target, params byte[] payload) =>
        Proxy.Receive(Udp.Address(client), [.. Header(target), .. payload]);

    /// <summary>A client's datagram waits in the proxy's socket.</summary>
    private protected void Queue(string client, string target, params byte[] payload) =>
        Proxy.Queue(Udp.Address(client), [.. Header(target), .. payload]);

    /// <summary>What the proxy has sent to clients since the last look: "client header-in-hex bytes-in-hex".</summary>
    private protected string[] ToClients() => Sent(Proxy);

    private protected static string[] Sent(FakeDatagramSocket socket) =>
        [.. socket.TakeSent().Select(sent => $"{sent.To} {Convert.ToHexStringLower(sent.Payload)}")];

    /// <summary>"client header bytes", as <see cref="ToClients"/> says it.</summary>
    private protected static string Reply(string client, string source, params byte[] payload) =>
        $"{client} {Convert.ToHexStringLower([.. Header(source), .. payload])}";

    /// <summary>The n-th reply port that was bound, from 0.</summary>
    private protected FakeDatagramSocket ReplyPort(int n = 0) => Transport.Datagrams.Skip(1).Where(socket => !socket.IsSendOnly).ElementAt(n);

    private protected int ReplyPorts => Transport.Datagrams.Skip(1).Count(socket => !socket.IsSendOnly);

    private static byte[] Header(string address)
    {
        if (!IPEndPoint.TryParse(address, out IPEndPoint? endPoint))
        {
            string[] parts = address.Split(':');
            int port = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            return [0, 0, 0, 3, (byte)parts[0].Length, .. System.Text.Encoding.ASCII.GetBytes(parts[0]), (byte)(port >> 8), (byte)port];
        }

        byte[] octets = endPoint.Address.GetAddressBytes();
        return [0, 0, 0, octets.Length == 4 ? (byte)1 : (byte)4, .. octets, (byte)(endPoint.Port >> 8), (byte)endPoint.Port];
    }
}
