using System.Net.Sockets;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §7: credit.</summary>
public sealed class CreditTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private const int InitialWindow = 65_536; // of the gateway's Hello

    private static readonly Answer Wrong = Answer.Breaks(GoAwayReason.FlowControlError);

    private static readonly SpecCase[] Cases =
    [
        new("§7 as much as the initial window", Answer.Nothing, (_, id) => FrameStream.Data(id, new byte[InitialWindow]), StreamSituation.AcceptorConnects),
        new("§7 a byte more than the initial window", Wrong, (_, id) => FrameStream.Data(id, new byte[InitialWindow + 1]), StreamSituation.AcceptorConnects),
        new("§7 a byte more in a frame of its own", Wrong, (_, id) => FrameStream.Join(FrameStream.Data(id, new byte[InitialWindow]), FrameStream.Data(id, 1)), StreamSituation.AcceptorConnects),
        new("§7 a byte more on an open stream that is not read", Wrong, (_, id) => FrameStream.Join(Enumerable.Repeat(FrameStream.Data(id, new byte[200_000]), 200)), StreamSituation.AcceptorOpen),
        new("§7 a byte more than was given in a stream of the gateway", Wrong, (_, id) => FrameStream.Join(Enumerable.Repeat(FrameStream.Data(id, new byte[200_000]), 200)), StreamSituation.OpenerOpen),
        .. Updates(StreamSituation.OpenerWaits),
        .. Updates(StreamSituation.OpenerOpen),
        .. Updates(StreamSituation.OpenerHasGotEnd),
        .. Updates(StreamSituation.AcceptorConnects),
        .. Updates(StreamSituation.AcceptorOpen),
        .. Updates(StreamSituation.AcceptorHasGotEnd),
        new("§7 credit of 2^31 from OpenStream and an update", Wrong, (a, id) => FrameStream.Join(FrameStream.OpenTcp(id, a.Gateway.Silent.ToString(), int.MaxValue), FrameStream.Update(id, 1))),
        new("§7 credit of 2^31 - 1 in OpenStream", Answer.Nothing, (a, id) => FrameStream.OpenTcp(id, a.Gateway.Silent.ToString(), int.MaxValue)),
        new("§7 no credit in OpenStream", Answer.Nothing, (a, id) => FrameStream.OpenTcp(id, a.Gateway.Silent.ToString(), 0)),
        new("§7 credit of 2^31 from Hello and StreamOpened", Wrong, (_, id) => FrameStream.Opened(id, int.MaxValue), StreamSituation.OpenerWaits),
        new("§7 credit of 2^31 - 1 from Hello and StreamOpened", Answer.Nothing, (_, id) => FrameStream.Opened(id, int.MaxValue - InitialWindow), StreamSituation.OpenerWaits),
    ];

    public static TheoryData<string, bool> Names => Rows(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_gateway_sends_as_much_as_it_was_given_and_no_more(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        uint id = around.Link.Theirs();
        Socket target = await around.OpenAsync(id, window: 10);
        await target.SendAsync(new byte[100]);
        Assert.Equal(10, await ReadDataAsync(around.Link, 10));
        Assert.Empty(await around.Link.PingAsync());
        await around.Link.SendAsync(FrameStream.Update(id, 5));
        Assert.Equal(5, await ReadDataAsync(around.Link, 5));
        Assert.Empty(await around.Link.PingAsync());
        await around.Link.SendAsync(FrameStream.Update(id, int.MaxValue));
        Assert.Equal(85, await ReadDataAsync(around.Link, 85));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Credit_comes_back_as_bytes_leave(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        uint id = around.Link.Theirs();
        around.Link.ShowsCredit = true;
        await around.Link.SendAsync(FrameStream.OpenTcp(id, around.Gateway.Target.ToString()));
        using Socket target = await around.Gateway.AcceptTargetAsync();
        long credit = InitialWindow + (await around.Link.NextAsync(FrameType.StreamOpened)).Credit;
        for (long sent = 0; sent < 8L << 20;)
        {
            int size = (int)Math.Min(credit, 50_000);
            await around.Link.SendAsync(FrameStream.Data(id, new byte[size]));
            Assert.Equal(size, (await Ends.ReadAsync(target, size)).Length);
            (sent, credit) = (sent + size, credit - size);
            while (credit == 0)
            {
                credit += (await around.Link.NextAsync(FrameType.WindowUpdate)).Credit;
            }
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_stream_that_waits_holds_up_no_other(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        Socket waits = await around.OpenAsync(around.Link.Theirs(), window: 0);
        Socket goes = await around.OpenAsync(around.Link.Theirs(1));
        await waits.SendAsync(new byte[1000]);
        await goes.SendAsync(new byte[1000]);
        Assert.Equal(1000, await ReadDataAsync(around.Link, 1000, around.Link.Theirs(1)));
    });

    private static IEnumerable<SpecCase> Updates(StreamSituation situation)
    {
        yield return new($"§7 {situation}: an update of 0", Wrong, (_, id) => FrameStream.Update(id, 0), situation);
        yield return new($"§7 {situation}: an update of 2^31", Wrong, (_, id) => FrameStream.Raw(FrameType.WindowUpdate, id, 0x80, 0, 0, 0), situation);
        yield return new($"§7 {situation}: an update of 2^32 - 1", Wrong, (_, id) => FrameStream.Raw(FrameType.WindowUpdate, id, 255, 255, 255, 255), situation);
        yield return new($"§7 {situation}: updates of more than 2^31 - 1", Wrong, (_, id) => FrameStream.Join(FrameStream.Update(id, 1 << 30), FrameStream.Update(id, 1 << 30)), situation);
        yield return new($"§7 {situation}: an update of 1", Answer.Nothing, (_, id) => FrameStream.Update(id, 1), situation);
    }

    private static async Task<int> ReadDataAsync(SpecLink link, int count, uint? id = null)
    {
        int done = 0;
        while (done < count)
        {
            WireFrame data = await link.NextAsync(FrameType.Data);
            Assert.True(id is null || id == data.StreamId, $"Data on {data.StreamId}");
            done += data.Payload.Length;
        }

        return done;
    }
}
