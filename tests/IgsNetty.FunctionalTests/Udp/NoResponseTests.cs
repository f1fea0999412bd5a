using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>UDP response timeout 0: datagrams go out and nothing is awaited or kept.</summary>
public sealed class NoResponseTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Senders = 100;

    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task Senders_share_a_port_and_get_no_reply(RelayMode mode, Entry entry)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { UdpForwards = [target.EndPoint], UdpTimeout = 0 });
        using IUdpCaller one = await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);
        using IUdpCaller two = await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);

        await one.SendAsync(new byte[] { 1 });
        Datagram fromOne = await target.ReceiveAsync();
        await two.SendAsync(new byte[] { 2 });
        Datagram fromTwo = await target.ReceiveAsync();

        Assert.Equal([1], fromOne.Bytes);
        Assert.Equal([2], fromTwo.Bytes);
        Assert.Equal(fromOne.From, fromTwo.From);
        await target.SendAsync(new byte[] { 3 }, fromOne.From);
        await one.ExpectNothingAsync(TimeSpan.FromMilliseconds(300));
        await two.ExpectNothingAsync(TimeSpan.FromMilliseconds(1));

        await one.SendAsync(Array.Empty<byte>());
        Assert.Empty((await target.ReceiveAsync()).Bytes);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task However_many_send_no_descriptor_is_added(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { UdpForwards = [target.EndPoint], UdpTimeout = 0 });
        await SendAsync(relay, target);
        int[] before = [.. relay.Gateways.Select(gateway => gateway.OpenDescriptors)];

        for (int i = 0; i < Senders; i++)
        {
            await SendAsync(relay, target);
        }

        // The runtime opens a few by itself now and then.
        Assert.All(relay.Gateways.Zip(before), pair => Assert.InRange(pair.First.OpenDescriptors, 0, pair.Second + (Senders / 2)));
    }

    private async Task SendAsync(Relay relay, UdpPort target)
    {
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Forward, target.EndPoint, Deadline);
        await caller.SendAsync(new byte[] { 1 });
        await target.ReceiveAsync();
    }
}
