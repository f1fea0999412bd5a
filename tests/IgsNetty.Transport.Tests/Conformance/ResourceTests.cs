using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Descriptors: given back, and run out of.</summary>
public abstract class ResourceTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task A_thousand_sockets_leave_none_behind(Origin origin)
    {
        const int Waves = 10;
        const int AtOnce = 100;
        int sockets = Descriptors.CountSockets();
        for (int wave = 0; wave < Waves; wave++)
        {
            List<Connection> open = [];
            for (int i = 0; i < AtOnce; i++)
            {
                Connection connection = await ConnectAsync(origin, loop: Transport.Loops[i % 2]);
                await connection.SetReadingAsync(i % 3 > 0);
                open.Add(connection);
            }

            await Task.WhenAll(open.Select((connection, i) => EndAsync(connection, i)));
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }

    // Nothing may need a descriptor for the first time during the famine, so everything is used once before.
    [LinuxFact]
    public async Task A_listener_refuses_a_caller_and_pauses_when_descriptors_run_out()
    {
        TaskCompletionSource<IStreamSocket>[] accepted =
            [.. Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource<IStreamSocket>(TaskCreationOptions.RunContinuationsAsynchronously))];
        int count = 0;
        IListener listener = Listen(Loopback(), (socket, _) => accepted[Interlocked.Increment(ref count) - 1].SetResult(socket));
        Socket[] callers = [.. Enumerable.Range(0, 3).Select(_ => PlainSocket())];
        new DescriptorFamine().Dispose();
        callers[0].Connect(listener.Address);
        await AssertWorksAsync(await RegisterAsync(await accepted[0].Task.InTime(), new Peer(callers[0])));

        using (new DescriptorFamine())
        {
            callers[1].Connect(listener.Address);
            await Log.Warning.InTime("the transport's warning");
            Assert.Equal(SocketError.ConnectionReset, (await new Peer(callers[1]).ReceiveAllAsync()).End);
            callers[2].Connect(listener.Address); // waits
        }

        await AssertWorksAsync(await RegisterAsync(await accepted[1].Task.InTime(), new Peer(callers[2])));
    }

    // Every way a connection can end.
    private static async Task EndAsync(Connection connection, int how)
    {
        switch (how % 5)
        {
            case 0:
                await connection.Loop.CallAsync(connection.Socket.Abort);
                break;
            case 1:
                connection.Peer.Reset();
                await connection.SetReadingAsync(true);
                break;
            case 2:
                connection.Peer.Dispose();
                await connection.SetReadingAsync(true);
                await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
                await connection.CloseAsync();
                break;
            case 3:
                await connection.Loop.CallAsync(() => GentleClose.Begin(connection.Socket, Waiting.Limit));
                connection.Peer.End();
                break;
            default:
                await connection.CloseAsync();
                break;
        }

        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        connection.Peer.Dispose();
    }
}
