using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Streams;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>A link whose handshake is done, over a socket whose peer is the test.</summary>
internal sealed class LinkUnderTest
{
    /// <summary>Bytes of a stream's turn: less than by default, so that little data makes many turns.</summary>
    public const int Quantum = 65_536;

    // A link takes zero for no time at all.
    private static readonly TimeSpan Origin = TimeSpan.FromHours(1);

    public LinkUnderTest(ManualEventLoop loop, IByteBufferAllocator buffers, CapturingLogger log, LinkSettings settings)
    {
        Settings = settings;
        EventLoop = loop;
        Transport = settings.Beside?.Transport ?? new FakeTransport();
        Datagrams = settings.Beside?.Datagrams ?? NewDatagrams(log);
        RelayLoop = settings.Beside is { } beside && settings.EventLoop is null
            ? beside.RelayLoop
            : new RelayLoop(loop, settings.Linger, Datagrams) { Clock = () => (long)loop.Now.TotalMilliseconds, Elapsed = () => Origin + loop.Now };
        Memory = new MemoryBudget(settings.MemoryBytes);
        Registry = settings.Registry ?? settings.Beside?.Registry ?? new LinkRegistry(settings.Limits.OpensPerSecondPerPeer);
        LinkContext context = new()
        {
            Name = settings.Name,
            Security = LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = settings.Limits,
            Memory = Memory,
            Registry = Registry,
            Connector = Connector,
            Datagrams = Datagrams,
            Pipeline = new PipelineOptions { QuantumBytes = Quantum },
            Logger = log,
        };
        Hello remote = new()
        {
            Capabilities = settings.PeerCapabilities,
            MaxFramePayload = settings.PeerMaxPayload,
            MaxStreams = settings.PeerMaxStreams,
            InitialWindow = settings.PeerInitialWindow,
            Nonce = new byte[Hello.NonceBytes],
            Name = settings.Peer,
        };
        Socket = new EmbeddedStreamSocket(loop, buffers);
        Link = new Link(context, RelayLoop, Socket, Socket, settings.Dialled, remote, settings.FirstStreamId);
        Socket.Pipeline.AddLast("frame-decoder", new PassThrough()).AddLast("handshake", new PassThrough());
        LinkPipeline.Establish(Socket.Pipeline, Link, Link.Context.Pipeline.MaxPayload);
        Socket.Configuration.AutoRead = true;
        Assert.Equal(FrameType.Ping, Assert.Single(Sent()).Type);
    }

    public LinkSettings Settings { get; }

    public ManualEventLoop EventLoop { get; }

    public RelayLoop RelayLoop { get; }

    public MemoryBudget Memory { get; }

    public LinkRegistry Registry { get; }

    /// <summary>Has the UDP sockets.</summary>
    public FakeTransport Transport { get; }

    /// <summary>What UDP flows share.</summary>
    public DatagramContext Datagrams { get; }

    public LoopTotals Totals => RelayLoop.Totals;

    public FakeConnector Connector { get; } = new();

    public EmbeddedStreamSocket Socket { get; }

    public Link Link { get; }

    /// <summary>GoAway and FIN were sent, or the socket was reset: nothing goes on here.</summary>
    public bool IsClosed => Socket.IsOutputShut || !Socket.Active;

    /// <summary>The n-th ID that this gateway opens, from 0.</summary>
    public uint Own(uint n = 0) => StreamId.First(Settings.Dialled) + (2 * n);

    /// <summary>The n-th ID that the peer opens, from 0.</summary>
    public uint Theirs(uint n = 0) => StreamId.First(!Settings.Dialled) + (2 * n);

    /// <summary>The peer sends frames in one read.</summary>
    /// <returns>What the link has sent since the last look.</returns>
    public IReadOnlyList<WireFrame> Receive(params byte[][] frames)
    {
        Socket.Receive(FrameStream.Join(frames));
        return Sent();
    }

    /// <summary>Runs the loop, and takes what the link has sent since the last look.</summary>
    public IReadOnlyList<WireFrame> Sent()
    {
        EventLoop.RunTasks();
        return FrameStream.Parse(Socket.Output.Take());
    }

    /// <summary>Opens a stream from here.</summary>
    public RelayStream Open(IStreamOwner? owner = null)
    {
        RelayStream? stream = Link.TryOpen(FrameStream.AnyTarget, null, owner, out ResetReason refusal);
        Assert.True(stream is not null, refusal.ToString());
        Assert.Equal(FrameType.OpenStream, Sent()[^1].Type);
        return stream;
    }

    /// <summary>The peer opens its next stream; the connector is asked.</summary>
    public ConnectRequest Accept(uint id, int window = 65_536)
    {
        int before = Connector.Requests.Count;
        Assert.Empty(Receive(FrameStream.Open(id, window)));
        Assert.Equal(before + 1, Connector.Requests.Count);
        return Connector.Last;
    }

    /// <summary>The link has ended with this reason, and told the peer.</summary>
    public static void AssertBreach(GoAwayReason reason, IReadOnlyList<WireFrame> sent)
    {
        WireFrame last = Assert.Single(sent, frame => frame.Type == FrameType.GoAway);
        Assert.Equal(reason, last.GoAwayReason);
        Assert.Same(last, sent[^1]);
    }

    private DatagramContext NewDatagrams(CapturingLogger log)
    {
        DatagramContext context = Udp.Context(Transport, log, Settings.Access) with
        {
            Flows = new FlowLimit<UdpAddress>(Settings.MaxFlows, Settings.MaxFlowsPerClient, "Limits:UdpFlowsPerClient"),
            ReplyPorts = new FlowLimit<string>(Settings.MaxFlows, Settings.MaxFlowsPerPeer, "Limits:UdpFlowsPerPeer"),
        };
        return Settings.Resolver is { } resolver ? context with { Resolver = resolver } : context;
    }

    private sealed class PassThrough : ChannelHandlerAdapter
    {
    }
}
