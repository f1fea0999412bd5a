using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Closing from inside everything a channel tells, while bytes flow both ways: it tells no more, and keeps nothing.</summary>
public abstract class CloseInsideTests : TransportTests
{
    public enum How
    {
        Close,
        Abort,
    }

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public Task A_read(Origin origin, How how) => InsideAsync(origin, how, ProbeEventKind.Read);

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public Task The_end_of_a_batch(Origin origin, How how) => InsideAsync(origin, how, ProbeEventKind.ReadComplete);

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public Task The_peers_end(Origin origin, How how) => InsideAsync(origin, how, ProbeEventKind.InputShutdown);

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public Task The_peers_reset(Origin origin, How how) => InsideAsync(origin, how, ProbeEventKind.Exception);

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public Task The_channels_end(Origin origin, How how) => InsideAsync(origin, how, ProbeEventKind.Inactive);

    [Theory, InlineData(How.Close), InlineData(How.Abort)]
    public async Task The_channels_beginning(How how)
    {
        TaskCompletionSource<IStreamSocket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IListener listener = Listen(Loopback(), (socket, _) => accepted.SetResult(socket));
        System.Net.Sockets.Socket caller = PlainSocket();
        await caller.ConnectAsync(listener.Address).InTime();
        IStreamSocket socket = await accepted.Task.InTime();
        Connection connection = new(socket, new Probe(), new Peer(caller));
        await connection.Peer.SendAsync(new byte[1000]);
        connection.Probe.On = (_, told) =>
        {
            if (told.Kind == ProbeEventKind.Active)
            {
                socket.Channel.Configuration.AutoRead = true;
                CloseAt(connection, how, true);
            }
        };
        socket.Channel.Pipeline.AddLast(connection.Probe);
        await Loop.RegisterAsync(socket.Channel).InTime();
        await AssertClosedAsync(connection);
        Assert.Equal(0, connection.Probe.ReceivedBytes);
    }

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public async Task A_report_of_what_was_sent(Origin origin, How how)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        int reports = 0;
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = new SentLog(connection.Channel)
        {
            Then = _ =>
            {
                reports++;
                connection.Socket.Send(Pool.Holding(new byte[100_000]));
                CloseAt(connection, how, true);
                connection.Socket.Send(Pool.Holding(new byte[100_000]));
            },
        });
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        await AssertClosedAsync(connection);
        Assert.InRange(reports, 1, 2); // what had left before the close may still be told
        Bytes.AssertPrefix((byte[])[.. sent, .. new byte[100_000]], input.Bytes);
    }

    [Theory, EitherOrigin(How.Close, How.Abort)]
    public async Task A_change_of_writability(Origin origin, How how)
    {
        Connection connection = await ConnectAsync(origin);
        Writability told = new() { On = _ => CloseAt(connection, how, true) };
        await connection.Loop.CallAsync(() =>
        {
            connection.Channel.Pipeline.AddFirst(told);
            for (int i = 0; i < 5; i++)
            {
                _ = connection.Channel.WriteAndFlushAsync(Pool.Holding(new byte[8 << 20]));
            }
        });
        await AssertClosedAsync(connection);
    }

    // What the one does, the loop may already have in hand for the others.
    [Theory, EitherOrigin(How.Close, How.Abort)]
    public async Task A_read_of_another_socket_of_the_loop(Origin origin, How how)
    {
        const int Sockets = 20;
        List<Connection> all = [];
        for (int i = 0; i < Sockets; i++)
        {
            all.Add(await ConnectAsync(origin));
            await all[i].SetReadingAsync(true);
        }

        Connection? first = null;
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool toldAfterwards = false;
        all.ForEach(connection => connection.Probe.On = (_, told) =>
        {
            toldAfterwards |= first is not null && first != connection && told.Kind is ProbeEventKind.Read or ProbeEventKind.InputShutdown;
            if (first is null && told.Kind == ProbeEventKind.Read)
            {
                first = connection;
                all.Where(one => one != connection).ToList().ForEach(one => CloseAt(one, how, true));
                closed.SetResult();
            }
        });
        using (await LoopHold.BeginAsync(Loop))
        {
            foreach (Connection connection in all)
            {
                connection.Peer.SendAndEnd(new byte[1000]);
                await connection.UntilPeerEndedAsync();
            }
        }

        await closed.Task.InTime("the first read");
        foreach (Connection connection in all.Where(one => one != first))
        {
            await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        }

        Assert.NotNull(first);
        await first.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Assert.False(toldAfterwards);
        await AssertWorksAsync(await ConnectAsync(origin)); // with a descriptor that was one of theirs
    }

    private async Task InsideAsync(Origin origin, How how, ProbeEventKind moment)
    {
        for (int i = 0; i < 3; i++)
        {
            Connection connection = await ConnectAsync(origin);
            connection.Probe.On = (_, told) => CloseAt(connection, how, told.Kind == moment);
            if (i > 0)
            {
                // A write is waiting as well, which must be given back.
                await SendAsync(connection, Bytes.Bulk);
            }

            await connection.Peer.SendAsync(Bytes.Random(200_000));
            await connection.SetReadingAsync(true);
            switch (moment)
            {
                case ProbeEventKind.InputShutdown:
                    connection.Peer.End();
                    break;
                case ProbeEventKind.Exception:
                    connection.Peer.Reset();
                    break;
                case ProbeEventKind.Inactive:
                    await connection.CloseAsync();
                    break;
            }

            await AssertClosedAsync(connection, moment);
        }
    }

    private async Task AssertClosedAsync(Connection connection, ProbeEventKind? moment = null)
    {
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        await connection.Channel.CloseCompletion.InTime();
        await SettleAsync();
        ProbeEvent[] events = connection.Probe.Events;
        Assert.Equal(ProbeEventKind.Inactive, events[^1].Kind);
        Assert.Equal(1, events.Count(e => e.Kind == ProbeEventKind.Inactive));
        Assert.Equal(moment == ProbeEventKind.Exception ? 1 : 0, events.Count(e => e.Kind == ProbeEventKind.Exception));
        if (moment is ProbeEventKind.Read)
        {
            Assert.Equal(1, events.Count(e => e.Kind == ProbeEventKind.Read));
        }

        Assert.False(connection.Channel.Open);
        Assert.Equal(0, await Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    private static void CloseAt(Connection connection, How how, bool isDue)
    {
        if (isDue && how == How.Abort)
        {
            connection.Socket.Abort();
        }
        else if (isDue)
        {
            _ = connection.Channel.CloseAsync();
        }
    }
}
