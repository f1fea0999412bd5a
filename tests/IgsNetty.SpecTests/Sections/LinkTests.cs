using System.Net.Sockets;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §8 and §9: ends and resets, Ping, GoAway.</summary>
public sealed class LinkTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private static readonly SpecCase[] Cases =
    [
        new("§9 a Pong that nobody waits for", Answer.Nothing, (_, _) => FrameStream.Pong(12345)),
        new("§9 GoAway with the top bit of the last ID", Answer.Breaks(GoAwayReason.ProtocolError), (_, _) => FrameStream.Raw(FrameType.GoAway, 0, 0x80, 0, 0, 0, 0, 0)),
        .. ((GoAwayReason[])[.. Enum.GetValues<GoAwayReason>(), (GoAwayReason)0xFFFF]).Select(reason => new SpecCase(
            $"§9 GoAway {reason} while a stream is open", Answer.Nothing, (_, _) => FrameStream.GoAway(StreamId.MaxValue, reason), StreamSituation.AcceptorOpen)),
        new("§9 GoAway twice", Answer.Nothing, (_, _) => FrameStream.Join(FrameStream.GoAway(9, GoAwayReason.Shutdown), FrameStream.GoAway(7, GoAwayReason.Shutdown)), StreamSituation.AcceptorOpen),
        new("§9 GoAway whose text is no UTF-8", Answer.Nothing, (_, _) => FrameStream.Raw(FrameType.GoAway, 0, [0, 0, 0, 0, 0, 0, 0xFF, 0xFE, 0x1B, 0x0A, 0]), StreamSituation.AcceptorOpen),
        .. ((ushort[])[0, 1, 11, 15, 16, 0x7FFF, 0xFFFF]).Select(reason => new SpecCase(
            $"§8 ResetStream for the reason {reason}", Answer.Nothing, (_, id) => FrameStream.Reset(id, (ResetReason)reason), StreamSituation.OpenerWaits)),
    ];

    public static TheoryData<string, bool> Names => Rows(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [InlineData(false, 0ul)]
    [InlineData(true, ulong.MaxValue)]
    [InlineData(false, 0x0102030405060708ul)]
    public Task Ping_is_answered_with_its_bytes(bool gatewayDials, ulong bytes) => OnLinkAsync(gatewayDials, async around =>
    {
        await around.Link.SendAsync(FrameStream.Ping(bytes), FrameStream.Ping(bytes));
        Assert.Equal(FrameStream.Pong(bytes)[FrameHeader.Size..], (await around.Link.NextAsync(FrameType.Pong)).Payload.ToArray());
        Assert.Equal(FrameStream.Pong(bytes)[FrameHeader.Size..], (await around.Link.NextAsync(FrameType.Pong)).Payload.ToArray());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task After_GoAway_opens_are_refused_and_the_link_closes_behind_its_last_stream(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        uint id = around.Link.Theirs();
        Socket target = await around.OpenAsync(id);
        await around.Link.SendAsync(FrameStream.GoAway(0, GoAwayReason.Shutdown), FrameStream.OpenTcp(id + 2, around.Gateway.Silent.ToString()));
        WireFrame refusal = await around.Link.NextAsync(FrameType.ResetStream);
        Assert.Equal((id + 2, ResetReason.Shutdown), (refusal.StreamId, refusal.ResetReason));
        await target.SendAsync(new byte[] { 7 });
        Assert.Equal(id, (await around.Link.NextAsync(FrameType.Data)).StreamId);
        await around.Link.SendAsync(FrameStream.Reset(id, ResetReason.Cancelled));
        await Answer.Breaks(GoAwayReason.Shutdown).CheckAsync(around.Link);
        Assert.True(await Ends.IsResetAsync(target));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task After_GoAway_a_link_without_streams_closes(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        await around.Link.SendAsync(FrameStream.GoAway(0, GoAwayReason.Shutdown));
        await Answer.Breaks(GoAwayReason.Shutdown).CheckAsync(around.Link);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Streams_that_GoAway_says_were_not_seen_are_given_up(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        (Socket seen, uint id) = await around.CallAsync();
        (Socket unseen, _) = await around.CallAsync();
        await around.Link.SendAsync(FrameStream.Opened(id), FrameStream.GoAway(id, GoAwayReason.Shutdown));
        Assert.True(await Ends.IsResetAsync(unseen));
        await around.Link.SendAsync(FrameStream.Data(id, 5));
        Assert.Equal([5], await Ends.ReadAsync(seen, 1));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_loss_of_the_link_resets_its_streams_at_both_ends(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        (Socket caller, uint id) = await around.CallAsync();
        await around.Link.SendAsync(FrameStream.Opened(id));
        Socket target = await around.OpenAsync(around.Link.Theirs());
        around.Link.SendEnd();
        Assert.True(await Ends.IsResetAsync(caller));
        Assert.True(await Ends.IsResetAsync(target));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_end_is_passed_on_and_the_other_half_goes_on(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        (Socket caller, uint id) = await around.CallAsync();
        await around.Link.SendAsync(FrameStream.Opened(id, 1000), FrameStream.Data(id, 1, 2), FrameStream.End(id));
        Assert.Equal([1, 2], await Ends.ReadToEndAsync(caller));
        await caller.SendAsync(new byte[] { 3 });
        Assert.Equal([3], (await around.Link.NextAsync(FrameType.Data)).Payload.ToArray());
        caller.Shutdown(SocketShutdown.Send);
        Assert.Equal(id, (await around.Link.NextAsync(FrameType.EndOfStream)).StreamId);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_reset_is_passed_on_as_one(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        Socket target = await around.OpenAsync(around.Link.Theirs());
        await around.Link.SendAsync(FrameStream.Reset(around.Link.Theirs(), ResetReason.ConnectionReset));
        Assert.True(await Ends.IsResetAsync(target));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_peer_that_reads_nothing_of_what_it_asks_for_is_cut_off(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        byte[] pings = FrameStream.Join(Enumerable.Repeat(FrameStream.Ping(1), 64 * 1024));
        bool cut = false;
        for (int i = 0; i < 64 && !cut; i++)
        {
            cut = !await around.Link.TrySendAsync(pings);
        }

        // What it has answered before is still there to be read, and GoAway may not have found room behind it.
        Assert.True(cut || (await around.Link.ReadToEndAsync()).All(frame => frame.Type is FrameType.Pong or FrameType.GoAway));
    });
}
