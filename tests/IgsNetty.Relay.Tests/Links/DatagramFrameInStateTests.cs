using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §4 and §10 as one table: every frame type for a UDP stream in every state.</summary>
public sealed class DatagramFrameInStateTests : DatagramTest
{
    private static readonly FrameType[] Columns =
    [
        FrameType.OpenStream, FrameType.StreamOpened, FrameType.Data, FrameType.EndOfStream,
        FrameType.ResetStream, FrameType.WindowUpdate, FrameType.Datagram,
    ];

    /// <summary>The legend is that of <see cref="FrameInStateTests"/>.</summary>
    private static readonly Dictionary<FlowSituation, string> Table = new()
    {
        //                                           Open   Opened Data   End    Reset  Update Datagram
        [FlowSituation.OwnIdNeverOpened]         = " ID     ID     ID     ID     ID     ID     ID ",
        [FlowSituation.TheirIdNeverOpened]       = " .      ID     ID     ID     ID     ID     ID ",
        [FlowSituation.OpenedHere]               = " ID     ST     ST     over   over   ST     .  ",
        [FlowSituation.OpenedHereEndedHere]      = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedHereEndedThere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedHereResetHere]      = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedHereResetThere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThere]              = " ID     ST     ST     over   over   ST     .  ",
        [FlowSituation.OpenedThereAndUsed]       = " ID     ST     ST     over   over   ST     .  ",
        [FlowSituation.OpenedThereEndedHere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThereEndedThere]    = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThereResetHere]     = " ID     .      .      .      .      .      .  ",
        [FlowSituation.OpenedThereResetThere]    = " ID     .      .      .      .      .      .  ",
    };

    public static TheoryData<FlowSituation, FrameType, string, bool> Cells
    {
        get
        {
            TheoryData<FlowSituation, FrameType, string, bool> cells = [];
            foreach ((FlowSituation situation, string row) in Table)
            {
                string[] outcomes = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                for (int i = 0; i < Columns.Length; i++)
                {
                    cells.Add(situation, Columns[i], outcomes[i], true);
                    cells.Add(situation, Columns[i], outcomes[i], false);
                }
            }

            return cells;
        }
    }

    [Fact]
    public void The_table_is_whole()
    {
        Assert.Equal(Enum.GetValues<FlowSituation>(), Table.Keys.Order());
        Assert.Equal(Enum.GetValues<FrameType>().Where(type => (byte)type is >= 0x10 and < 0x20), Columns.Order());
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_frame_in_every_state(FlowSituation situation, FrameType type, string outcome, bool dialled)
    {
        LinkUnderTest link = NewLink(Open with { Dialled = dialled });
        uint id = Bring(link, situation);
        int streams = link.Link.StreamCount;
        bool hadPort = link.Transport.Datagrams.Any(socket => !socket.IsClosed);

        IReadOnlyList<WireFrame> sent = link.Receive(Frame(type, id));

        switch (outcome)
        {
            case ".":
                Assert.Empty(sent);
                Assert.False(link.IsClosed);
                Assert.Equal(streams + (type == FrameType.OpenStream ? 1 : 0), link.Link.StreamCount);
                Assert.Equal(situation is FlowSituation.OpenedThereAndUsed or FlowSituation.OpenedThere && (hadPort || type == FrameType.Datagram),
                    link.Transport.Datagrams.Any(socket => !socket.IsClosed));
                break;
            case "over":
                Assert.Empty(sent);
                Assert.False(link.IsClosed);
                Assert.Equal(streams - 1, link.Link.StreamCount);
                Assert.All(link.Transport.Datagrams, socket => Assert.True(socket.IsClosed));
                break;
            default:
                LinkUnderTest.AssertBreach(outcome == "ID" ? GoAwayReason.StreamIdError : GoAwayReason.StreamStateError, sent);
                Assert.True(link.IsClosed);
                Assert.Equal(0, link.Link.StreamCount);
                Assert.All(link.Transport.Datagrams, socket => Assert.True(socket.IsClosed));
                break;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_the_capability_a_flow_is_unsupported_and_a_datagram_a_breach(bool dialled)
    {
        LinkUnderTest link = NewLink(Open with { Dialled = dialled, PeerCapabilities = Capabilities.None });
        WireFrame refusal = Assert.Single(link.Receive(FrameStream.OpenUdp(link.Theirs(), Target)));
        Assert.Equal(ResetReason.Unsupported, refusal.ResetReason);
        LinkUnderTest.AssertBreach(GoAwayReason.ProtocolError, link.Receive(FrameStream.Datagram(link.Theirs(), null, 1)));
        Assert.Empty(link.Transport.Datagrams);
    }

    [Fact]
    public void A_reply_whose_source_is_a_name_is_a_breach()
    {
        LinkUnderTest link = NewLink(Open);
        uint id = Bring(link, FlowSituation.OpenedHere);
        LinkUnderTest.AssertBreach(GoAwayReason.ProtocolError, link.Receive(FrameStream.Datagram(id, "dns.example:53", 1)));
    }

    private uint Bring(LinkUnderTest link, FlowSituation situation)
    {
        uint id = situation is FlowSituation.OwnIdNeverOpened or (>= FlowSituation.OpenedHere and <= FlowSituation.OpenedHereResetThere)
            ? link.Own()
            : link.Theirs();
        DatagramFlow? flow = null;
        if (situation is >= FlowSituation.OpenedHere and <= FlowSituation.OpenedHereResetThere)
        {
            flow = Flow(link, out _);
            flow.Send(FlowAddress.OfTarget, [1]);
        }
        else if (situation >= FlowSituation.OpenedThere)
        {
            link.Receive(FrameStream.OpenUdp(id, Target, timeout: 1));
        }

        switch (situation)
        {
            case FlowSituation.OpenedHereEndedHere:
                flow!.Close();
                break;
            case FlowSituation.OpenedHereEndedThere or FlowSituation.OpenedThereEndedThere:
                link.Receive(FrameStream.End(id));
                break;
            case FlowSituation.OpenedHereResetThere or FlowSituation.OpenedThereResetThere:
                link.Receive(FrameStream.Reset(id, ResetReason.Cancelled));
                break;
            case FlowSituation.OpenedHereResetHere:
                DatagramStream? stream = link.Link.Lookup<DatagramStream>(FrameType.Datagram, id, out _);
                Assert.NotNull(stream);
                stream.End(null, ResetReason.Cancelled);
                break;
            case FlowSituation.OpenedThereEndedHere:
                link.EventLoop.Advance(TimeSpan.FromSeconds(1.05));
                break;
            case FlowSituation.OpenedThereResetHere:
                link.Transport.BindError = System.Net.Sockets.SocketError.TooManyOpenSockets;
                link.Receive(FrameStream.Datagram(id, null, 1));
                break;
            case FlowSituation.OpenedThereAndUsed:
                link.Receive(FrameStream.Datagram(id, null, 1));
                break;
        }

        _ = link.Sent();
        Assert.False(link.IsClosed);
        return id;
    }

    private static byte[] Frame(FrameType type, uint id) => type switch
    {
        FrameType.OpenStream => FrameStream.OpenUdp(id, Target),
        FrameType.StreamOpened => FrameStream.Opened(id, 1),
        FrameType.Data => FrameStream.Data(id, 1, 2, 3),
        FrameType.EndOfStream => FrameStream.End(id),
        FrameType.ResetStream => FrameStream.Reset(id, ResetReason.Cancelled),
        FrameType.WindowUpdate => FrameStream.Update(id, 1),
        _ => FrameStream.Datagram(id, null, 1, 2),
    };
}
