using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §4: parity, order, reuse, the last ID.</summary>
public sealed class StreamIdTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private static readonly Answer Wrong = Answer.Breaks(GoAwayReason.StreamIdError);

    private static readonly SpecCase[] Cases =
    [
        new("§4 the first ID", Answer.Nothing, (a, id) => Open(a, id)),
        new("§4 IDs upwards", Answer.Nothing, (a, id) => FrameStream.Join(Open(a, id), Open(a, id + 2), Open(a, id + 4))),
        new("§4 IDs left out", Answer.Nothing, (a, id) => FrameStream.Join(Open(a, id), Open(a, id + 100), Open(a, id + 1000))),
        new("§4 a frame for an ID that was left out", Answer.Nothing, (a, id) => FrameStream.Join(Open(a, id + 100), FrameStream.Data(id + 2, 1))),
        new("§4 an ID that was left out, opened later", Wrong, (a, id) => FrameStream.Join(Open(a, id + 100), Open(a, id + 2))),
        new("§4 the last ID there is", Answer.Nothing, (a, _) => Open(a, Last(a))),
        new("§4 a frame for an ID below the last there is", Answer.Nothing, (a, id) => FrameStream.Join(Open(a, Last(a)), FrameStream.Data(id, 1))),
        new("§4 an ID behind the last there is", Answer.Breaks(GoAwayReason.ProtocolError), (a, _) => FrameStream.Join(Open(a, Last(a)), Open(a, Last(a) + 2))),
        new("§4 the other side's parity", Wrong, (a, _) => Open(a, a.Link.Own())),
        new("§4 the other side's last ID", Wrong, (a, _) => Open(a, Last(a) ^ 1)),
        new("§4 stream 0", Wrong, (a, _) => Open(a, 0)),
        new("§4 an ID twice", Wrong, (a, id) => FrameStream.Join(Open(a, id), Open(a, id))),
        new("§4 an ID downwards", Wrong, (a, id) => FrameStream.Join(Open(a, id + 2), Open(a, id))),
        new("§4 an ID again after its reset", Wrong, (a, id) => FrameStream.Join(Open(a, id), FrameStream.Reset(id, ResetReason.Cancelled), Open(a, id))),
        new("§4 an ID again after its end", Wrong, Open, StreamSituation.AcceptorOver),
        new("§4 Data above the last ID", Wrong, (a, id) => FrameStream.Join(Open(a, id), FrameStream.Data(id + 2, 1))),
        new("§4 Data for the last ID there is", Wrong, (a, id) => FrameStream.Join(Open(a, id), FrameStream.Data(Last(a), 1))),
        new("§4 WindowUpdate above the gateway's last ID", Wrong, (_, id) => FrameStream.Update(id + 2, 1), StreamSituation.OpenerOpen),
    ];

    public static TheoryData<string, bool> Names => Rows(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_gateways_own_have_its_parity_and_go_upwards(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        for (uint n = 0; n < 3; n++)
        {
            Assert.Equal(around.Link.Own(n), (await around.CallAsync()).Id);
        }
    });

    private static uint Last(Surroundings around) => StreamId.OpenedBy(StreamId.MaxValue, !around.Link.GatewayDialled) ? StreamId.MaxValue : StreamId.MaxValue - 1;

    private static byte[] Open(Surroundings around, uint id) => FrameStream.OpenTcp(id, around.Gateway.Silent.ToString());
}
