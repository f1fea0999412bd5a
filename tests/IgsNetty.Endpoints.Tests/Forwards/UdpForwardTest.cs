using System.Net;
using IgsNetty.Endpoints.Forwards;
using IgsNetty.Endpoints.Tests.Proxy;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Forwards;

/// <summary>A UDP forward of a gateway that sends from here. Datagrams are written "address bytes-in-hex".</summary>
public abstract class UdpForwardTest : IDisposable
{
    private protected const string Target = "10.1.2.3:53";
    private protected const string Alice = "192.168.0.7:40000";
    private protected const string Bob = "192.168.0.7:40001";

    private IListener? _listener;

    private protected ManualEventLoop Loop { get; } = new();

    private protected FakeTransport Transport { get; } = new();

    private protected CapturingLogger Log { get; } = new();

    private protected EndpointContext Context { get; private set; } = null!;

    private protected LoopTotals Totals => Context.Loops[0].Totals;

    /// <summary>The forward's own socket.</summary>
    private protected FakeDatagramSocket Forward => Transport.Datagrams[0];

    public void Dispose()
    {
        _listener?.Close();
        Loop.RunTasks();
        Assert.Equal((0, 0), (Context.Links.Datagrams.Flows.Count, Context.Links.Datagrams.ReplyPorts.Count));
        Assert.All(Transport.Datagrams, socket => Assert.True(socket.IsClosed || socket.IsSendOnly));
        Assert.Equal(Totals.FlowsOpened, Totals.FlowsEnded);
        GC.SuppressFinalize(this);
    }

    private protected IListener Open(int timeout = 10, string? via = "direct", RouteTable? routes = null, string listen = "127.0.0.1:5353", ReplyFilter filter = ReplyFilter.Address)
    {
        Context = Contexts.Direct(Loop, new FakeConnector(), Log, Transport, routes);
        DatagramOptions udp = new() { ResponseTimeoutSeconds = timeout, ReplyFilter = filter };
        ForwardOptions options = new(
            "dns", TransportProtocol.Udp, IPEndPoint.Parse(listen), TargetAddress.FromEndPoint(IPEndPoint.Parse(Target)), via, udp);
        return _listener = UdpForwardEndpoint.Open(Context, options, Context.Loops[0]);
    }

    private protected void Receive(string client, params byte[] payload) => Forward.Receive(Udp.Address(client), payload);

    private protected static string[] Sent(FakeDatagramSocket socket) =>
        [.. socket.TakeSent().Select(sent => $"{sent.To} {Convert.ToHexStringLower(sent.Payload)}")];
}
