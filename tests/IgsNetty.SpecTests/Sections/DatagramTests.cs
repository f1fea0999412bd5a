using System.Net;
using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §10: UDP flows, and datagrams that await no reply.</summary>
public sealed class DatagramTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private const string Anywhere = "127.0.0.1:9";

    private static readonly Answer Wrong = Answer.Breaks(GoAwayReason.ProtocolError);

    private static readonly FrameType[] Columns =
    [
        FrameType.OpenStream, FrameType.StreamOpened, FrameType.Data, FrameType.EndOfStream, FrameType.ResetStream, FrameType.WindowUpdate, FrameType.Datagram,
    ];

    /// <summary>The legend is that of <see cref="StreamStateTests"/>.</summary>
    private static readonly Dictionary<FlowSituation, string> Table = new()
    {
        //                                         Open   Opened Data   End    Reset  Update Datagram
        [FlowSituation.TheirIdNeverOpened]       = " .      ID     ID     ID     ID     ID     ID ",
        [FlowSituation.OpenedHere]               = " ID     ST     ST     .      .      ST     .  ",
        [FlowSituation.OpenedHereEndedThere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedHereResetThere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThere]              = " ID     ST     ST     .      .      ST     .  ",
        [FlowSituation.OpenedThereAndUsed]       = " ID     ST     ST     .      .      ST     .  ",
        [FlowSituation.OpenedThereEndedThere]    = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThereResetThere]    = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThereResetHere]     = " ID     .      .      .      .      .      .  ",
    };

    private static readonly SpecCase[] Cases = [.. Forms(), .. Unanswered()];

    public static TheoryData<string, bool> Names => Rows(Cases);

    public static TheoryData<FlowSituation, FrameType, string, bool> Cells
    {
        get
        {
            TheoryData<FlowSituation, FrameType, string, bool> cells = [];
            foreach ((FlowSituation situation, string row) in Table)
            {
                foreach ((FrameType type, string outcome) in Columns.Zip(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                {
                    cells.Add(situation, type, outcome, false);
                    cells.Add(situation, type, outcome, true);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Every_frame_in_every_state(FlowSituation situation, FrameType type, string outcome, bool gatewayDials) =>
        OnLinkAsync(gatewayDials, async around =>
        {
            uint id = await BringAsync(around, situation);
            await around.Link.SendAsync(Frame(type, id));
            await (outcome switch
            {
                "ID" => Answer.Breaks(GoAwayReason.StreamIdError),
                "ST" => Answer.Breaks(GoAwayReason.StreamStateError),
                _ => Answer.Nothing,
            }).CheckAsync(around.Link);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Without_the_capability_flows_are_unsupported_and_datagrams_breaches(bool gatewayDials) =>
        OnAsync(Shared.StartAsync(), gateway => SpecLink.EstablishAsync(gateway, gatewayDials, hello => hello with { Capabilities = Capabilities.None }), async around =>
        {
            await around.Link.SendAsync(FrameStream.OpenUdp(around.Link.Theirs(), Anywhere));
            await Answer.Resets(ResetReason.Unsupported).CheckAsync(around.Link);
            await around.Link.SendAsync(FrameStream.Datagram(0, Anywhere, 1));
            await Wrong.CheckAsync(around.Link);
        });

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1500)]
    [InlineData(true, FrameLimits.MaxDatagram)]
    public Task A_datagram_gets_there_whole_and_the_reply_back(bool gatewayDials, int bytes) => OnLinkAsync(gatewayDials, async around =>
    {
        using Socket target = Bound();
        byte[] payload = TestKit.Buffers.RandomBytes.Make(1, bytes);
        uint id = around.Link.Theirs();
        await around.Link.SendAsync(FrameStream.OpenUdp(id, target.LocalEndPoint!.ToString()!), FrameStream.Datagram(id, null, payload));
        await EchoAsync(target, payload);
        WireFrame reply = await around.Link.NextAsync(FrameType.Datagram);
        Assert.Equal((id, null), (reply.StreamId, reply.DatagramAddress));
        Assert.Equal(payload, reply.DatagramBytes);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task One_that_awaits_no_reply_gets_there_and_opens_nothing(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        using Socket target = Bound();
        await around.Link.SendAsync(FrameStream.Datagram(0, target.LocalEndPoint!.ToString(), 1, 2, 3));
        await EchoAsync(target, [1, 2, 3]);
        Assert.Empty(await around.Link.PingAsync());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_flow_to_what_is_not_allowed_is_refused_and_one_more_target_just_dropped(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        (uint id, uint other) = (around.Link.Theirs(), around.Link.Theirs(1));
        await around.Link.SendAsync(
            FrameStream.OpenUdp(id, Anywhere), FrameStream.Datagram(id, SpecGateway.Forbidden.ToString(), 1),
            FrameStream.Datagram(0, SpecGateway.Forbidden.ToString(), 1), FrameStream.OpenUdp(other, SpecGateway.Forbidden.ToString()));
        Assert.Empty(await around.Link.PingAsync());
        await around.Link.SendAsync(FrameStream.Datagram(other, null, 1));
        await Answer.Resets(ResetReason.NotAllowed).CheckAsync(around.Link);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_acceptor_ends_a_flow_that_is_idle_and_takes_late_frames(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        uint id = around.Link.Theirs();
        await around.Link.SendAsync(FrameStream.OpenUdp(id, Anywhere, timeout: 1), FrameStream.Datagram(id, null, 1));
        Assert.Equal(id, (await around.Link.NextAsync(FrameType.EndOfStream)).StreamId);
        await around.Link.SendAsync([.. Columns.Skip(1).Select(type => Frame(type, id))]);
        await Answer.Nothing.CheckAsync(around.Link);
    });

    private static IEnumerable<SpecCase> Forms()
    {
        yield return OnFlow("an unknown kind of address", Wrong, [4, 0, 9, 127, 0, 0, 1, 1]);
        yield return OnFlow("an IPv4 address cut short", Wrong, [1, 0, 9, 127, 0, 0]);
        yield return OnFlow("an IPv6 address cut short", Wrong, [2, 0, 9, 127, 0, 0, 1, 1, 1]);
        yield return OnFlow("a port cut short", Wrong, [1, 0]);
        yield return OnFlow("port 0", Wrong, [1, 0, 0, 127, 0, 0, 1, 1]);
        yield return OnFlow("port 0 of a name", Wrong, [3, 0, 0, 3, .. "a.b"u8, 1]);
        yield return OnFlow("a name cut short", Wrong, [3, 0, 9, 10, .. "a.b"u8]);
        yield return OnFlow("an empty name", Wrong, [3, 0, 9, 0, 1]);
        yield return OnFlow("an address in a name's clothes", Wrong, [3, 0, 9, 9, .. "127.0.0.1"u8, 1]);
        yield return OnFlow("an old spelling in a name's clothes", Wrong, [3, 0, 9, 5, .. "127.1"u8, 1]);
        yield return OnFlow("a byte more than a datagram has", Answer.Breaks(GoAwayReason.FrameSizeError), [0, .. new byte[FrameLimits.MaxDatagram + 1]]);
        yield return OnFlow("nothing", Answer.Nothing, [0]);
        yield return OnFlow("another target", Answer.Nothing, [1, 0, 9, 127, 0, 0, 1, 1]);
        yield return OnFlow("an IPv4-mapped address", Answer.Nothing, [2, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1, 1]);
    }

    private static IEnumerable<SpecCase> Unanswered()
    {
        yield return OnLink("no target", Wrong, [0, 1, 2]);
        yield return OnLink("port 0", Wrong, [1, 0, 0, 127, 0, 0, 1, 1]);
        yield return OnLink("an address cut short", Wrong, [1, 0, 9, 127]);
        yield return OnLink("a byte more than a datagram has", Answer.Breaks(GoAwayReason.FrameSizeError), [1, 0, 9, 127, 0, 0, 1, .. new byte[FrameLimits.MaxDatagram + 1]]);
        yield return OnLink("no bytes", Answer.Nothing, [1, 0, 9, 127, 0, 0, 1]);
        yield return OnLink("a multicast target", Answer.Nothing, [1, 0, 9, 224, 0, 0, 1, 1]);
        yield return OnLink("the broadcast address", Answer.Nothing, [1, 0, 9, 255, 255, 255, 255, 1]);
        yield return OnLink("the unspecified address", Answer.Nothing, [1, 0, 9, 0, 0, 0, 0, 1]);
    }

    private static SpecCase OnFlow(string what, Answer answer, byte[] payload) => new(
        $"§10 Datagram: {what}", answer, (_, id) => FrameStream.Join(FrameStream.OpenUdp(id, Anywhere), FrameStream.Raw(FrameType.Datagram, id, payload)));

    private static SpecCase OnLink(string what, Answer answer, byte[] payload) =>
        new($"§10 Datagram on stream 0: {what}", answer, (_, _) => FrameStream.Raw(FrameType.Datagram, 0, payload));

    private static async Task<uint> BringAsync(Surroundings around, FlowSituation situation)
    {
        SpecLink link = around.Link;
        uint id = link.Theirs();
        if (situation is >= FlowSituation.OpenedHere and <= FlowSituation.OpenedHereResetThere)
        {
            using Socket sender = Bound();
            await sender.SendToAsync(new byte[] { 1 }, around.Gateway.UdpForward(link.GatewayDialled));
            WireFrame open = await link.NextAsync(FrameType.OpenStream);
            Assert.Equal(StreamProtocol.Udp, open.OpenStream.Protocol);
            id = open.StreamId;
            await link.NextAsync(FrameType.Datagram);
        }
        else if (situation >= FlowSituation.OpenedThere)
        {
            string target = situation == FlowSituation.OpenedThereResetHere ? SpecGateway.Forbidden.ToString() : Anywhere;
            await link.SendAsync(FrameStream.OpenUdp(id, target));
        }

        switch (situation)
        {
            case FlowSituation.OpenedHereEndedThere or FlowSituation.OpenedThereEndedThere:
                await link.SendAsync(FrameStream.End(id));
                break;
            case FlowSituation.OpenedHereResetThere or FlowSituation.OpenedThereResetThere:
                await link.SendAsync(FrameStream.Reset(id, ResetReason.Cancelled));
                break;
            case FlowSituation.OpenedThereAndUsed:
                await link.SendAsync(FrameStream.Datagram(id, null, 1));
                break;
            case FlowSituation.OpenedThereResetHere:
                await link.SendAsync(FrameStream.Datagram(id, null, 1));
                Assert.Equal(ResetReason.NotAllowed, (await link.NextAsync(FrameType.ResetStream)).ResetReason);
                break;
        }

        Assert.Empty(await link.PingAsync());
        return id;
    }

    private static byte[] Frame(FrameType type, uint id) => type switch
    {
        FrameType.OpenStream => FrameStream.OpenUdp(id, Anywhere),
        FrameType.StreamOpened => FrameStream.Opened(id, 1),
        FrameType.Data => FrameStream.Data(id, 1, 2, 3),
        FrameType.EndOfStream => FrameStream.End(id),
        FrameType.ResetStream => FrameStream.Reset(id, ResetReason.Cancelled),
        FrameType.WindowUpdate => FrameStream.Update(id, 1),
        _ => FrameStream.Datagram(id, null, 1, 2),
    };

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task EchoAsync(Socket target, byte[] expected)
    {
        using CancellationTokenSource deadline = new(HangGuard.Event);
        byte[] buffer = new byte[70_000];
        SocketReceiveFromResult got = await target.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), deadline.Token);
        Assert.Equal(expected, buffer[..got.ReceivedBytes]);
        await target.SendToAsync(expected, got.RemoteEndPoint, deadline.Token);
    }
}
