using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// The peer's end at every moment: with the last bytes, alone, while reading is off, before or behind our own. Each byte
/// comes first, and the end is told once.
/// </summary>
public abstract class EndOrderTests : TransportTests
{
    // The third and fourth fill receive buffers to the last byte: nothing but another read finds the end then.
    public static TheoryData<int> Sizes => [1, 1000, 4096 - Headroom, 4096 - Headroom + 16384 - Headroom, 30_000];

    // One edge for both: who takes a read that does not fill its buffer for the last waits for ever.
    [Theory, MemberData(nameof(Sizes))]
    public async Task Last_bytes_and_end_together_while_reading(int size)
    {
        Connection connection = await DialAsync();
        await connection.SetReadingAsync(true);
        await SettleAsync();
        byte[] bytes = Bytes.Random(size);
        connection.Peer.SendAndEnd(bytes);
        await AssertEndedAsync(connection, bytes);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Last_bytes_and_end_together_while_the_loop_is_busy(int size)
    {
        byte[] bytes = Bytes.Random(size);
        for (int i = 0; i < 5; i++)
        {
            Connection connection = await ConnectAsync(i % 2 == 0 ? Origin.Dialled : Origin.Accepted);
            await connection.SetReadingAsync(true);
            using (await LoopHold.BeginAsync(Loop))
            {
                await connection.Peer.SendAsync(bytes.AsMemory(0, size / 2));
                connection.Peer.SendAndEnd(bytes.AsSpan(size / 2));
                await connection.UntilPeerEndedAsync();
            }

            await AssertEndedAsync(connection, bytes);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Last_bytes_and_end_while_reading_was_turned_off_again(int size)
    {
        Connection connection = await DialAsync();
        byte[] bytes = Bytes.Random(size);
        await AssertWorksAsync(connection);
        await connection.SetReadingAsync(false);
        connection.Peer.SendAndEnd(bytes);
        await connection.UntilPeerEndedAsync();
        await SettleAsync();
        Assert.Equal(1000, connection.Probe.ReceivedBytes);
        Assert.False(connection.Probe.Has(ProbeEventKind.InputShutdown));
        await connection.SetReadingAsync(true);
        await AssertEndedAsync(connection, bytes, before: 1000);
    }

    // A handler that turns reading off with every buffer, as one without credit does.
    [Theory, EitherOrigin(false, true)]
    public async Task The_end_comes_while_reading_is_off_in_the_middle_of_the_bytes(Origin origin, bool byExplicitReads)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(60_000);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                context.Channel.Configuration.AutoRead = false;
            }
        };
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(bytes);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        for (int turn = 1; !connection.Probe.Has(ProbeEventKind.InputShutdown); turn++)
        {
            Assert.InRange(turn, 1, 1000);
            ProbeEvent[] before = connection.Probe.Events;
            await (byExplicitReads ? connection.ReadOnceAsync() : connection.SetReadingAsync(true));
            await connection.Probe.UntilAsync(
                () => connection.Probe.Count(ProbeEventKind.Read) > before.Count(e => e.Kind == ProbeEventKind.Read)
                    || connection.Probe.Has(ProbeEventKind.InputShutdown),
                "a buffer or the end");
        }

        await AssertEndedAsync(connection, bytes);
    }

    public enum Step
    {
        WeEnd,
        PeerEnds,
        PeerSends,
        WeSend,
        ReadingOn,
    }

    [Theory]
    [InlineData(Step.ReadingOn, Step.WeSend, Step.WeEnd, Step.PeerSends, Step.PeerEnds)]
    [InlineData(Step.ReadingOn, Step.PeerSends, Step.PeerEnds, Step.WeSend, Step.WeEnd)]
    [InlineData(Step.WeEnd, Step.PeerEnds, Step.ReadingOn)]
    [InlineData(Step.PeerEnds, Step.WeEnd, Step.ReadingOn)]
    [InlineData(Step.WeSend, Step.WeEnd, Step.PeerSends, Step.PeerEnds, Step.ReadingOn)]
    [InlineData(Step.PeerSends, Step.PeerEnds, Step.WeSend, Step.WeEnd, Step.ReadingOn)]
    [InlineData(Step.PeerSends, Step.ReadingOn, Step.WeEnd, Step.PeerEnds)]
    [InlineData(Step.WeEnd, Step.ReadingOn, Step.PeerSends, Step.PeerEnds)]
    [InlineData(Step.PeerEnds, Step.ReadingOn, Step.WeSend, Step.WeEnd)]
    public async Task Both_ends_in_every_order(params Step[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (Origin origin in Enum.GetValues<Origin>())
        {
            Connection connection = await ConnectAsync(origin);
            byte[] there = steps.Contains(Step.PeerSends) ? Bytes.Random(20_000, seed: 1) : [];
            byte[] back = steps.Contains(Step.WeSend) ? Bytes.Random(20_000, seed: 2) : [];
            foreach (Step step in steps)
            {
                await DoAsync(connection, step, there, back);
                await SettleAsync();
                Assert.True(connection.Channel.Active);
            }

            PeerInput input = await connection.Peer.ReceiveAllAsync();
            Assert.Equal(SocketError.Success, input.End);
            Bytes.AssertSame(back, input.Bytes);
            await AssertEndedAsync(connection, there, sends: false);
            await connection.CloseAsync();
            Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
        }
    }

    private async Task DoAsync(Connection connection, Step step, byte[] there, byte[] back)
    {
        switch (step)
        {
            case Step.WeEnd:
                await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
                break;
            case Step.PeerEnds:
                connection.Peer.End();
                break;
            case Step.PeerSends:
                await connection.Peer.SendAsync(there);
                break;
            case Step.WeSend:
                await SendAsync(connection, back);
                break;
            default:
                await connection.SetReadingAsync(true);
                break;
        }
    }

    private async Task AssertEndedAsync(Connection connection, byte[] bytes, int before = 0, bool sends = true)
    {
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received.AsMemory(before));
        await connection.SetReadingAsync(true);
        await connection.ReadOnceAsync();
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.True(await connection.Loop.CallAsync(() => connection.Socket.InputEnded));
        if (sends)
        {
            await SendAsync(connection, bytes);
            Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
        }
    }
}
