using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §4, §6 and §8: every frame for a TCP stream in every state.</summary>
public sealed class StreamStateTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private static readonly FrameType[] Columns =
    [
        FrameType.OpenStream, FrameType.StreamOpened, FrameType.Data, FrameType.EndOfStream, FrameType.ResetStream, FrameType.WindowUpdate, FrameType.Datagram,
    ];

    /// <summary>
    /// "." the gateway sends nothing and goes on; "over" so, and the stream has ended: frames for it are thrown away from then on;
    /// ID, ST: it closes the link with StreamIdError, StreamStateError.
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
                foreach ((FrameType type, string outcome) in Columns.Zip(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                {
                    cells.Add(situation, type, outcome, false);
                    cells.Add(situation, type, outcome, true);
                }
            }

            return cells;
        }
    }

    [Fact]
    public void The_table_is_whole() => Assert.Equal(Enum.GetValues<StreamSituation>(), Table.Keys.Order());

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Every_frame_in_every_state(StreamSituation situation, FrameType type, string outcome, bool gatewayDials) =>
        OnLinkAsync(gatewayDials, async around =>
        {
            uint id = await around.BringAsync(situation);
            await around.Link.SendAsync(Frame(around, type, id));
            await (outcome switch
            {
                "ID" => Answer.Breaks(GoAwayReason.StreamIdError),
                "ST" => Answer.Breaks(GoAwayReason.StreamStateError),
                _ => Answer.Nothing,
            }).CheckAsync(around.Link);
            if (outcome == "over")
            {
                await around.Link.SendAsync([.. Columns.Skip(1).Select(late => Frame(around, late, id))]);
                await Answer.Nothing.CheckAsync(around.Link);
            }
        });

    private static byte[] Frame(Surroundings around, FrameType type, uint id) => type switch
    {
        FrameType.OpenStream => FrameStream.OpenTcp(id, around.Gateway.Silent.ToString()),
        FrameType.StreamOpened => FrameStream.Opened(id, 1),
        FrameType.Data => FrameStream.Data(id, 1, 2, 3),
        FrameType.EndOfStream => FrameStream.End(id),
        FrameType.ResetStream => FrameStream.Reset(id, ResetReason.Cancelled),
        FrameType.WindowUpdate => FrameStream.Update(id, 1),
        _ => FrameStream.Datagram(id, null, 1, 2),
    };
}
