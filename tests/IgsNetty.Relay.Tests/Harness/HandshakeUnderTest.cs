using System.Text;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>The gateway site-a at the beginning of a link; the test is its peer, site-b unless it says otherwise.</summary>
internal sealed class HandshakeUnderTest
{
    public const string Key = "correct horse battery staple";

    private readonly Task<Link> _link;

    public HandshakeUnderTest(ManualEventLoop loop, LeakCheck buffers, bool dialled, LinkSecurity security)
    {
        EventLoop = loop;
        Dialled = dialled;
        DatagramContext datagrams = Udp.Context(new FakeTransport());
        LinkContext context = new()
        {
            Name = "site-a",
            Security = security,
            KeepAlive = new KeepAliveOptions(),
            Limits = new RelayLimits(),
            Memory = new MemoryBudget(1 << 20),
            Registry = Registry,
            Connector = Connector,
            Datagrams = datagrams,
            Logger = Log,
        };
        Loop = new RelayLoop(loop, TimeSpan.FromHours(1), datagrams);
        Socket = new EmbeddedStreamSocket(loop, buffers);
        _link = LinkPipeline.Handshake(Socket, Loop, context, dialled ? "site-b" : null);
    }

    /// <summary>The key of <see cref="Key"/>.</summary>
    public static LinkSecurity SharedKey { get; } = new(LinkSecurityMode.SharedKey, Encoding.ASCII.GetBytes(Key));

    public ManualEventLoop EventLoop { get; }

    public RelayLoop Loop { get; }

    public CapturingLogger Log { get; } = new();

    public bool Dialled { get; }

    public LinkRegistry Registry { get; } = new(1000);

    public FakeConnector Connector { get; } = new();

    public EmbeddedStreamSocket Socket { get; }

    public bool IsOver => _link.IsCompleted;

    public bool Stands => _link.IsCompletedSuccessfully;

    /// <summary>Why there is no link.</summary>
    public string Error => Assert.IsType<LinkHandshakeException>(_link.Exception?.InnerException).Message;

    /// <summary>The link that stands.</summary>
    public Link Link
    {
        get
        {
            Assert.True(Stands, _link.Exception?.InnerException?.Message ?? "the handshake is not over");
            return _link.GetAwaiter().GetResult();
        }
    }

    /// <summary>The peer's Hello as a frame.</summary>
    public static byte[] Hello(string name = "site-b", bool secured = false, byte oldest = 1, byte newest = 1) =>
        Hello(name, secured ? LinkAuthentication.SharedKey : LinkAuthentication.None, oldest, newest);

    public static byte[] Hello(string name, LinkAuthentication authentication, byte oldest = 1, byte newest = 1) => FrameStream.Hello(new Hello
    {
        MinVersion = oldest,
        MaxVersion = newest,
        Authentication = authentication,
        MaxFramePayload = FrameLimits.MinAnnouncedPayload,
        MaxStreams = 100,
        InitialWindow = 65_536,
        Nonce = RandomBytes.Make(2, 32),
        Name = name,
    });

    /// <summary>The peer's proof as a frame.</summary>
    public byte[] Proof(byte[] ourHello, byte[] peerHello, string key = Key)
    {
        ReadOnlySpan<byte> ours = ourHello.AsSpan(FrameHeader.Size);
        ReadOnlySpan<byte> peers = peerHello.AsSpan(FrameHeader.Size);
        byte[] secret = Encoding.ASCII.GetBytes(key);
        return FrameStream.Authenticate(Dialled
            ? LinkProof.Compute(secret, byDialler: false, ours, peers)
            : LinkProof.Compute(secret, byDialler: true, peers, ours));
    }

    /// <summary>The peer sends bytes, one read each.</summary>
    /// <returns>What was sent since the last look.</returns>
    public byte[] Receive(params IEnumerable<byte[]> reads)
    {
        foreach (byte[] read in reads)
        {
            Socket.Receive(read);
            EventLoop.RunTasks();
        }

        return Sent();
    }

    public byte[] Sent()
    {
        EventLoop.RunTasks();
        return Socket.Output.Take();
    }

    /// <summary>It failed, told the peer why (null: nothing), and closed gently.</summary>
    public void AssertRefused(GoAwayReason? told, byte[] sent)
    {
        IReadOnlyList<WireFrame> frames = FrameStream.Parse(sent);
        Assert.True(IsOver);
        Assert.False(Stands);
        Assert.NotEmpty(Error);
        Assert.Equal(told, frames.LastOrDefault(frame => frame.Type == FrameType.GoAway)?.GoAwayReason);
        Assert.True(Socket.IsOutputShut || !Socket.Active);
        Assert.False(Socket.IsAborted);
        Assert.Empty(Registry.Peers);
        EventLoop.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Socket.Active);
        Assert.Equal(0, EventLoop.Timers);
    }
}
