using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

public sealed class ManyFlowsTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int AtOnce = 50;

    // Descriptors that the runtime opens by itself now and then.
    private const int Tolerance = 5;

    // The runtime's heap keeps a part of what it has taken; but it must not be more each time.
    private static readonly long MostGrowth = (32L * TestScale.MiB) + (4096L * TestScale.UdpFlows);

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Flows_that_ended_leave_no_descriptor_and_no_memory_behind(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode, new UdpForward(echo.EndPoint) { Timeout = TestScale.UdpFlowSeconds });

        await OpenAsync(relay, echo, 1);
        int[] descriptors = [.. relay.Gateways.Select(gateway => gateway.OpenDescriptors)];
        long[] memory = [.. relay.Gateways.Select(gateway => gateway.ResidentBytes)];
        Say($"at first: {Describe(relay)}");
        await OpenAsync(relay, echo, TestScale.UdpFlows);
        await SweptAsync(relay, descriptors);
        Moment start = new();
        await OpenAsync(relay, echo, TestScale.UdpFlows);
        Say($"{TestScale.UdpFlows} flows in {start.SecondsSince:F1} s; {Describe(relay)}");

        // Each flow has had a reply port. How many are open together is a matter of the machine.
        Assert.InRange(echo.Senders.Count, TestScale.UdpFlows / 2, int.MaxValue);
        await SweptAsync(relay, descriptors);

        Say($"after the sweep: {Describe(relay)}; before: {string.Join(", ", memory.Select(bytes => bytes / TestScale.MiB))} MiB");
        Assert.All(relay.Gateways.Zip(memory), pair =>
            Assert.InRange(pair.First.ResidentBytes - pair.Second, long.MinValue, MostGrowth));
    }

    // Each sender has an address of its own, all on one port: so many free ports are not to be had.
    private async Task OpenAsync(Relay relay, UdpTarget echo, int count)
    {
        using UdpPort first = new(Deadline);
        int port = first.EndPoint.Port;
        IPEndPoint forward = relay.UdpForwardTo(echo.EndPoint);
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = Deadline };
        await Parallel.ForAsync(0, count, options, async (i, _) =>
        {
            IPAddress address = new([127, 1, (byte)(i >> 8), (byte)i]);
            using ForwardCaller caller = new(new UdpPort(Deadline, new IPEndPoint(address, port)), forward);

            // A busy machine may take longer than the timeout of a flow.
            await caller.ExpectEchoInTheEndAsync();
        });
    }

    private static Task SweptAsync(Relay relay, int[] descriptors) => Eventually.Async(
        () => relay.Gateways.Zip(descriptors).All(pair => pair.First.OpenDescriptors <= pair.Second + Tolerance),
        () => $"as many descriptors as before: {string.Join(", ", descriptors)}; {Describe(relay)}");

    private static string Describe(Relay relay) => string.Join("; ", relay.Gateways.Select(gateway =>
        $"{gateway.Name}: {gateway.OpenDescriptors} descriptors, {gateway.ResidentBytes / TestScale.MiB} MiB"));
}
