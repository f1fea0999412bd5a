using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>
/// docs/protocol.md §3, §4, §6 and §8 as one table: every frame type for a TCP stream in every state, and what comes of it. UDP streams:
/// <see cref="DatagramFrameInStateTests"/>.
/// </summary>
public sealed class FrameInStateTests : RelayTest
{
    private static readonly FrameType[] Columns =
    [
        FrameType.OpenStream, FrameType.StreamOpened, FrameType.Data, FrameType.EndOfStream,
        FrameType.ResetStream, FrameType.WindowUpdate, FrameType.Datagram,
    ];

    /// <summary>
    /// "." nothing is sent and the stream stands as before; "over" the stream ends, the link goes on;
    /// ID, ST: the link closes with StreamIdError, StreamStateError.
    /// </summary>
    private static readonly Dictionary<StreamSituation, string> Table = new()
    {
        //                                              Open   Opened Data   End    Reset  Update Datagram
        [StreamSituation.OwnIdNeverOpened]          = " ID     ID     ID     ID     ID     ID     ID ",
        [StreamSituation.TheirIdNeverOpened]        = " .      ID     ID     ID     ID     ID     ID ",
        [StreamSituation.OpenerWaits]               = " ID     .      ST     ST     over   .      ST ",
        [StreamSituation.OpenerWaitsAndHasEnded]    = " ID     .      ST     ST     over   .      ST ",
        [StreamSituation.OpenerOpen]                = " ID     ST     .      .      over   .      ST ",
        [StreamSituation.OpenerHasEnded]            = " ID     ST     .      over   over   .      ST ",
        [StreamSituation.OpenerHasGotEnd]           = " ID     ST     ST     ST     over   .      ST ",
        [StreamSituation.OpenerOver]                = " ID     .      .      .      .      .      .  ",
        [StreamSituation.OpenerWasReset]            = " ID     .      .      .      .      .      .  ",
        [StreamSituation.OpenerHasReset]            = " ID     .      .      .      .      .      .  ",
        [StreamSituation.AcceptorConnects]          = " ID     ST     .      .      over   .      ST ",
        [StreamSituation.AcceptorConnectsAfterEnd]  = " ID     ST     ST     ST     over   .      ST ",
        [StreamSituation.AcceptorOpen]              = " ID     ST     .      .      over   .      ST ",
        [StreamSituation.AcceptorHasEnded]          = " ID     ST     .      over   over   .      ST ",
        [StreamSituation.AcceptorHasGotEnd]         = " ID     ST     ST     ST     over   .      ST ",
        [StreamSituation.AcceptorOver]              = " ID     .      .      .      .      .      .  ",
        [StreamSituation.AcceptorWasReset]          = " ID     .      .      .      .      .      .  ",
        [StreamSituation.AcceptorRefused]           = " ID     .      .      .      .      .      .  ",
    };

    public static TheoryData<StreamSituation, FrameType, string, bool> Cells
    {
        get
        {
            TheoryData<StreamSituation, FrameType, string, bool> cells = [];
            foreach ((StreamSituation situation, string row) in Table)
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
        Assert.Equal(Enum.GetValues<StreamSituation>(), Table.Keys.Order());
        Assert.Equal(Enum.GetValues<FrameType>().Where(type => (byte)type is >= 0x10 and < 0x20), Columns.Order());
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_frame_in_every_state(StreamSituation situation, FrameType type, string outcome, bool dialled)
    {
        LinkUnderTest link = NewLink(new LinkSettings { Dialled = dialled });
        uint id = new Situations(link, NewSocket).Bring(situation);
        int streams = link.Link.StreamCount;

        IReadOnlyList<WireFrame> sent = link.Receive(Frame(type, id));

        switch (outcome)
        {
            case ".":
                Assert.Empty(sent);
                Assert.False(link.IsClosed);
                Assert.Equal(streams + (type == FrameType.OpenStream ? 1 : 0), link.Link.StreamCount);
                break;
            case "over":
                Assert.Empty(sent);
                Assert.False(link.IsClosed);
                Assert.Equal(streams - 1, link.Link.StreamCount);
                break;
            default:
                LinkUnderTest.AssertBreach(Reason(outcome), sent);
                Assert.True(link.IsClosed);
                Assert.Equal(0, link.Link.StreamCount);
                Assert.Equal(1, link.RelayLoop.Totals.Breaches);
                break;
        }
    }

    [Fact]
    public void Without_the_capability_a_datagram_is_a_breach_for_any_stream()
    {
        foreach (StreamSituation situation in Table.Keys)
        {
            LinkUnderTest link = NewLink(new LinkSettings { PeerCapabilities = Capabilities.None });
            uint id = new Situations(link, NewSocket).Bring(situation);
            LinkUnderTest.AssertBreach(GoAwayReason.ProtocolError, link.Receive(FrameStream.Datagram(id, null, 1)));
        }
    }

    private static GoAwayReason Reason(string outcome) => outcome switch
    {
        "ID" => GoAwayReason.StreamIdError,
        "ST" => GoAwayReason.StreamStateError,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not in the legend"),
    };

    private static byte[] Frame(FrameType type, uint id) => type switch
    {
        FrameType.OpenStream => FrameStream.Open(id),
        FrameType.StreamOpened => FrameStream.Opened(id, 1),
        FrameType.Data => FrameStream.Data(id, 1, 2, 3),
        FrameType.EndOfStream => FrameStream.End(id),
        FrameType.ResetStream => FrameStream.Reset(id, ResetReason.Cancelled),
        FrameType.WindowUpdate => FrameStream.Update(id, 1),
        _ => FrameStream.Datagram(id, null, 1, 2),
    };
}
