using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>A socket asks its gate before each read. Not for a transport whose reads begin before there is anything to read.</summary>
public abstract class ReadGateTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task What_the_gate_refuses_stays_in_the_kernel_until_it_is_read(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Gate gate = await GateAsync(connection);
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(Bytes.Random(1000));
        await gate.Asked.WaitAsync().InTime("the gate to be asked");
        await SettleAsync();
        await connection.UntilUnreadAsync(1000);
        Assert.Equal(0, connection.Probe.ReceivedBytes);

        await ReadNowAsync(connection, gate, limit: 0);
        Assert.Equal(0, connection.Probe.ReceivedBytes);
        await ReadNowAsync(connection, gate, limit: int.MaxValue);
        await connection.Probe.UntilReceivedAsync(1000);
        Bytes.AssertSame(Bytes.Random(1000), connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task No_more_is_read_at_a_time_than_the_gate_says(Origin origin)
    {
        const int Limit = 100;
        Connection connection = await ConnectAsync(origin);
        Gate gate = await GateAsync(connection);
        await connection.Peer.SendAsync(Bytes.Random(1050));
        await connection.UntilUnreadAsync(1050);
        gate.Limit = Limit;
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilReceivedAsync(1050);
        Bytes.AssertSame(Bytes.Random(1050), connection.Probe.Received);
        Assert.All(connection.Probe.Events.Where(e => e.Kind == ProbeEventKind.Read), read => Assert.InRange(read.Bytes, 1, Limit));
    }

    [Theory, EitherOrigin]
    public async Task The_end_is_behind_the_gate_too(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Gate gate = await GateAsync(connection);
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(Bytes.Random(10));
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await SettleAsync();
        Assert.False(connection.Probe.Has(ProbeEventKind.InputShutdown));

        await ReadNowAsync(connection, gate, limit: int.MaxValue);
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Assert.Equal(10, connection.Probe.ReceivedBytes);
    }

    [Theory, EitherOrigin]
    public async Task Reading_that_is_off_stays_off(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Gate gate = await GateAsync(connection);
        await connection.Peer.SendAsync(Bytes.Random(10));
        await connection.UntilUnreadAsync(10);
        await ReadNowAsync(connection, gate, limit: int.MaxValue);
        await SettleAsync();
        Assert.Equal(0, connection.Probe.ReceivedBytes);
    }

    private static async Task<Gate> GateAsync(Connection connection)
    {
        Gate gate = new();
        await connection.Loop.CallAsync(() => connection.Socket.ReadGate = gate);
        return gate;
    }

    private static Task ReadNowAsync(Connection connection, Gate gate, int limit) => connection.Loop.CallAsync(() =>
    {
        gate.Limit = limit;
        connection.Socket.ReadNow();
    });

    private sealed class Gate : IReadGate
    {
        private int _limit;

        public SemaphoreSlim Asked { get; } = new(0);

        public int Limit
        {
            get => Volatile.Read(ref _limit);
            set => Volatile.Write(ref _limit, value);
        }

        public int OnReadable()
        {
            Asked.Release();
            return Limit;
        }
    }
}
