using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using IgsNetty.Protocol.Frames;

namespace IgsNetty.SpecTests.Harness;

/// <summary>A running gateway that listens for links and dials the test, and what there is around it. Every listener is on loopback.</summary>
internal sealed class SpecGateway : IAsyncDisposable
{
    public const string Name = "gateway";

    /// <summary>The test, when it dials the gateway.</summary>
    public const string DiallingPeer = "spec-dials";

    /// <summary>The test, when the gateway dials it.</summary>
    public const string DialledPeer = "spec-listens";

    /// <summary>Streams that a peer may have open here.</summary>
    public const int MostStreams = 64;

    /// <summary>Links that wait for the test to answer.</summary>
    private const int DialledLinks = 2;

    private readonly TempDirectory _directory = new();
    private readonly Socket _links = Listener();
    private readonly Socket _target = Listener();
    private readonly RefusingPort _refusing = new();
    private SilentPort? _silent;
    private GatewayProcess? _process;

    private SpecGateway()
    {
    }

    /// <summary>Where the gateway takes links.</summary>
    public IPEndPoint Link => _process!.Link;

    /// <summary>A target whose connections the test takes by <see cref="AcceptTargetAsync"/>.</summary>
    public IPEndPoint Target => (IPEndPoint)_target.LocalEndPoint!;

    /// <summary>A target that refuses.</summary>
    public IPEndPoint Refusing => _refusing.EndPoint;

    /// <summary>A target that never answers.</summary>
    public IPEndPoint Silent => _silent!.EndPoint;

    /// <summary>A target that nobody may open.</summary>
    public static IPEndPoint Forbidden { get; } = new(IPAddress.Parse("203.0.113.1"), 80);

    public string Log => _process!.Describe();

    public static async Task<SpecGateway> StartAsync(Action<JsonObject, TempDirectory>? change)
    {
        SpecGateway gateway = new() { _silent = await SilentPort.OpenAsync() };
        JsonObject config = gateway.Configuration();
        change?.Invoke(config, gateway._directory);
        gateway._process = await GatewayProcess.StartAsync(Name, config, gateway._directory);
        return gateway;
    }

    /// <summary>The next connection that the gateway has dialled, without those that it has given up while nobody took them.</summary>
    public async Task<Socket> AcceptLinkAsync()
    {
        while (true)
        {
            Socket link = await AcceptAsync(_links);
            if (!IsGivenUp(link))
            {
                return link;
            }

            link.Dispose();
        }
    }

    /// <summary>The next connection to <see cref="Target"/>.</summary>
    public Task<Socket> AcceptTargetAsync() => AcceptAsync(_target);

    /// <summary>An application calls a target beyond the test's end of the link.</summary>
    public async Task<Socket> CallAsync(bool gatewayDials)
    {
        Socket caller = new(SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(_process!.Ready[$"forward.{Peer(gatewayDials)}"]);
        return caller;
    }

    /// <summary>Where datagrams to a target beyond the test's end of the link go.</summary>
    public IPEndPoint UdpForward(bool gatewayDials) => _process!.Ready[$"forward.udp-{Peer(gatewayDials)}"];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_silent is not null)
        {
            await _silent.DisposeAsync();
        }

        await _refusing.DisposeAsync();
        _links.Dispose();
        _target.Dispose();
        _directory.Dispose();
    }

    private static string Peer(bool gatewayDials) => gatewayDials ? DialledPeer : DiallingPeer;

    private static Socket Listener()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        return listener;
    }

    // Behind its Hello it says nothing but why it closes, before the test has said Hello.
    private static bool IsGivenUp(Socket link)
    {
        byte[] header = new byte[FrameHeader.Size];
        return link.Available > header.Length
            && link.Receive(header, SocketFlags.Peek) == header.Length
            && link.Available > header.Length + FrameHeader.Read(header).PayloadLength;
    }

    private static async Task<Socket> AcceptAsync(Socket listener)
    {
        using CancellationTokenSource deadline = new(HangGuard.Event);
        return await listener.AcceptAsync(deadline.Token);
    }

    private JsonObject Configuration()
    {
        JsonObject dial = new() { ["Peer"] = DialledPeer, ["Address"] = _links.LocalEndPoint!.ToString(), ["Connections"] = DialledLinks };
        return new JsonObject
        {
            ["Gateway"] = new JsonObject { ["Name"] = Name },
            ["Links"] = new JsonObject
            {
                ["Listen"] = new JsonArray("127.0.0.1:0"),
                ["Dial"] = new JsonArray(dial),
                ["Security"] = new JsonObject { ["Mode"] = "none" },
                ["KeepAlive"] = new JsonObject { ["IdleSeconds"] = 300 },
                ["Reconnect"] = new JsonObject { ["InitialSeconds"] = 0.01, ["MaximumSeconds"] = 0.02 },
            },
            ["Forwards"] = new JsonArray(
                Forward("tcp", DiallingPeer, DiallingPeer), Forward("tcp", DialledPeer, DialledPeer),
                Forward("udp", $"udp-{DiallingPeer}", DiallingPeer), Forward("udp", $"udp-{DialledPeer}", DialledPeer)),
            ["Allow"] = new JsonArray(Allow("tcp"), Allow("udp")),
            ["Limits"] = new JsonObject
            {
                ["StreamsPerLink"] = MostStreams, ["HandshakeSeconds"] = 120, ["ConnectSeconds"] = 120, ["LinkWaitSeconds"] = 30, ["OpensPerSecondPerPeer"] = 1_000_000,
            },
        };
    }

    private static JsonObject Forward(string protocol, string name, string via) => new()
    {
        ["Name"] = name, ["Protocol"] = protocol, ["Listen"] = "127.0.0.1:0", [nameof(Target)] = "10.1.2.3:80", ["Via"] = via,
    };

    private static JsonObject Allow(string protocol) => new()
    {
        ["From"] = "*", ["Protocol"] = protocol, ["Destination"] = "127.0.0.0/8", ["Ports"] = "1-65535",
    };
}
