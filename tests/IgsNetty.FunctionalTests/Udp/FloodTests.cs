using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

[Collection(Alone.Name)]
public sealed class FloodTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int DatagramBytes = 1200;

    // The share that the transfer must keep.
    private const double Least = 0.5;

    // Something else may take the machine in one of the four parts. A gateway that does not share loses every round.
    private const int MostRounds = 6;

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(0.5);

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_flood_of_datagrams_leaves_a_transfer_its_share(RelayMode mode)
    {
        TcpTarget<StreamEnd> source = Own(Serving.Endless());
        await using UdpTarget sink = UdpTarget.Sink();
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { Forwards = [source.EndPoint], UdpForwards = [sink.EndPoint] });
        using TcpCall call = await relay.CallAsync(Entry.Forward, source.EndPoint, Deadline);
        long received = 0;
        Task transfer = call.ReceiveAllAsync(total => Volatile.Write(ref received, total));

        // The flood costs the machine the same both times; only its way differs. The order cancels a drift.
        IPEndPoint forward = relay.UdpForwardTo(sink.EndPoint);
        double ratio = 0;
        for (int round = 0; ratio < Least && round < MostRounds; round++)
        {
            ratio = await RatioAsync(sink, forward, () => Volatile.Read(ref received));
        }

        Assert.InRange(ratio, Least, double.MaxValue);
        call.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => transfer);
    }

    private async Task<double> RatioAsync(UdpTarget sink, IPEndPoint forward, Func<long> received)
    {
        double past = 0, through = 0;
        foreach (IPEndPoint way in new[] { sink.EndPoint, forward, forward, sink.EndPoint })
        {
            int before = sink.Received;
            (double rate, long sent) = await RateBesideFloodAsync(way, received);
            bool isPast = way.Equals(sink.EndPoint);
            Say($"flood {(isPast ? "past" : "through")} the gateways, {sent} sent, {sink.Received - before} arrived: {rate / 1e6:F0} MB/s");
            past += isPast ? rate : 0;
            through += isPast ? 0 : rate;
        }

        Say($"ratio {through / past:F2}");
        return past > 0 ? through / past : 0;
    }

    private static async Task<(double Rate, long Sent)> RateBesideFloodAsync(IPEndPoint to, Func<long> received)
    {
        using CancellationTokenSource stop = new();
        Task<long> flood = Task.Factory.StartNew(() => Flood(to, stop.Token), TaskCreationOptions.LongRunning);
        long bytes = received();
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(Measured);
        double rate = (received() - bytes) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        return (rate, await flood);
    }

    private static long Flood(IPEndPoint to, CancellationToken stop)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(to);
        byte[] datagram = Payload.First(DatagramBytes).ToArray();
        long sent = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                socket.Send(datagram);
                sent++;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // As many as the machine takes.
            }
        }

        return sent;
    }
}
