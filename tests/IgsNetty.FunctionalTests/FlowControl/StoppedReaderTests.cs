using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.FlowControl;

public sealed class StoppedReaderTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Calls = 100;
    private const long OthersLength = 256L * 1024;
    private const int SmallBuffer = 64 * 1024;

    // More than what may wait on the way, so that it cannot all have left.
    private static readonly long Length = HeldBound(bigReceiveBuffers: 2) + (24L * TestScale.MiB);

    // Less than what a gateway would hold that reads on.
    private static readonly long MemoryBound = Length * 3 / 4;

    [Theory]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task A_client_that_stops_reading_holds_back_its_own_server_only(RelayMode mode, Entry entry)
    {
        CountedSource source = Own(new CountedSource(Length));
        TcpTarget<Received> others = Own(Serving.Source(OthersLength));
        Relay relay = await StartRelayAsync(mode, source.Server.EndPoint, others.EndPoint);
        await DownloadAsync(relay, entry, others);
        long[] memory = [.. relay.Gateways.Select(gateway => gateway.ResidentBytes)];

        const byte Name = 7;
        using TcpCall stopped = await relay.CallAsync(entry, source.Server.EndPoint, Deadline, SmallBuffer);
        await stopped.SendAsync(new byte[] { Name });
        await stopped.ReadAsync(1);
        await Task.WhenAll(Enumerable.Range(1, Calls - 1).Select(_ => DownloadAsync(relay, entry, others)));

        AssertHeldBack(source.SentTo(Name), bigReceiveBuffers: 1);
        AssertMemory(relay, memory);

        // Held back is not lost: when it reads again, all of it comes.
        Received rest = await stopped.ReceiveAllAsync();
        Assert.Equal(Length - 1, rest.Bytes);
        Assert.Equal(StreamEnd.Clean, rest.End);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task A_server_that_stops_reading_holds_back_its_own_client_only(RelayMode mode, Entry entry)
    {
        SlowSink sink = Own(new SlowSink());
        TcpTarget<Received> others = Own(Serving.Source(OthersLength));
        Relay relay = await StartRelayAsync(mode, sink.Server.EndPoint, others.EndPoint);
        await DownloadAsync(relay, entry, others);
        long[] memory = [.. relay.Gateways.Select(gateway => gateway.ResidentBytes)];

        using TcpCall held = await relay.CallAsync(entry, sink.Server.EndPoint, Deadline);
        long sent = 0;
        Task<StreamEnd> sending = held.SendPayloadAsync(Length, total => Volatile.Write(ref sent, total));
        await Task.WhenAll(Enumerable.Range(1, Calls - 1).Select(_ => DownloadAsync(relay, entry, others)));

        AssertHeldBack(Volatile.Read(ref sent), bigReceiveBuffers: 2);
        AssertMemory(relay, memory);

        sink.Read();
        Assert.Equal(StreamEnd.Clean, await sending);
        held.EndSending();
        Assert.Equal(Received.Whole(Length), await sink.Server.NextAsync(Deadline));
    }

    private async Task DownloadAsync(Relay relay, Entry entry, TcpTarget<Received> server)
    {
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
        Assert.Equal(Received.Whole(OthersLength), await call.ReceiveAllAsync());
    }

    private void AssertHeldBack(long sent, int bigReceiveBuffers)
    {
        long bound = HeldBound(bigReceiveBuffers);
        Say($"the held-back sender could send {sent} of {Length} bytes; the bound is {bound}");
        Assert.InRange(sent, 1, bound);
    }

    private void AssertMemory(Relay relay, long[] before)
    {
        for (int i = 0; i < before.Length; i++)
        {
            long growth = relay.Gateways[i].PeakResidentBytes - before[i];
            Say($"{relay.Gateways[i].Name} has grown by {growth} bytes");
            Assert.True(growth < MemoryBound, $"{relay.Gateways[i].Name} has grown by {growth} bytes");
        }
    }

    // The gateways may hold 32 MiB. On top comes what the kernel holds on the way: the send buffers of the sender and of the
    // last gateway, and the receive buffers of the first gateway and, unless it is kept small, of the reader.
    private static long HeldBound(int bigReceiveBuffers) =>
        (32L * TestScale.MiB) + (bigReceiveBuffers * KernelBuffer("tcp_rmem")) + (2 * KernelBuffer("tcp_wmem"));

    // "minimum default maximum"; the kernel lets a buffer grow to the maximum.
    private static long KernelBuffer(string name) => long.Parse(
        File.ReadAllText($"/proc/sys/net/ipv4/{name}").Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture);
}
