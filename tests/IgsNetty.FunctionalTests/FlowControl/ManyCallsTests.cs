using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.FlowControl;

[AboveTransports]
public sealed class ManyCallsTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int AtOnce = 100;

    // Descriptors that the runtime opens by itself now and then.
    private const int Tolerance = 5;

    // Through all entries in turn.
    private static readonly int Calls = TestScale.IsFull ? 10_000 * Entries.Length : 3_000;

    private static Entry[] Entries => Enum.GetValues<Entry>();

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Thousands_of_calls_leave_no_descriptor_behind(RelayMode mode)
    {
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(mode, server.EndPoint);

        // The links, and what the runtime opens at the first use of something, are part of the base.
        await CallAsync(relay, server, 2 * AtOnce);
        await Eventually.Async(
            () => server.Open == 0 && CallsOf(relay) == 0, () => "the first calls are gone");
        int[] before = [.. relay.Gateways.Select(gateway => gateway.OpenDescriptors)];

        await CallAsync(relay, server, Calls);

        Assert.Equal(Calls + (2 * AtOnce), server.Accepted);
        for (int i = 0; i < before.Length; i++)
        {
            GatewayProcess gateway = relay.Gateways[i];
            await Eventually.Async(
                () => gateway.OpenDescriptors <= before[i] + Tolerance,
                () => $"{gateway.Name} has {gateway.OpenDescriptors} descriptors open, {before[i]} before");
        }
    }

    private static int CallsOf(Relay relay) =>
        KernelSockets.ConnectionsOf(relay.Calling.Proxy) + relay.Calling.Ready.Forwards.Sum(KernelSockets.ConnectionsOf);

    private async Task CallAsync(Relay relay, TcpTarget<long> server, int count)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = Deadline };
        await Parallel.ForAsync(0, count, options, async (i, _) =>
        {
            using TcpCall call = await relay.CallAsync(Entries[i % Entries.Length], server.EndPoint, Deadline);
            await call.ExpectEchoAsync(64);
            call.EndSending();
            Assert.Equal(0, (await call.ReceiveAllAsync()).Bytes);
        });
    }
}
