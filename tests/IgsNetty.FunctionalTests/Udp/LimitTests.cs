using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>How many flows there may be: what is beyond is refused, what was there before goes on.</summary>
[AboveTransports]
public sealed class LimitTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task One_client_has_its_own_limit(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartAsync(mode, echo, flows: 1000, perClient: 3);
        UdpPort[] ports = [.. Enumerable.Range(0, 5).Select(_ => new UdpPort(Deadline))];
        using UdpPort otherClient = new(Deadline, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));

        await ExpectServedAsync(relay, echo, ports[..3]);
        await ExpectRefusedAsync(relay, echo, ports[3..]);
        await ExpectServedAsync(relay, echo, [otherClient, .. ports[..3]]);

        Assert.Equal(4, echo.Senders.Count);
        await relay.Calling.WaitForProblemAsync("UdpFlowsPerClient");
        Array.ForEach(ports, port => port.Dispose());
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task All_together_have_a_limit_and_an_ended_flow_makes_room(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartAsync(mode, echo, flows: 3, perClient: 100);
        IEnumerable<IPAddress> clients = Enumerable.Range(1, 4).Select(i => new IPAddress([127, 0, 0, (byte)i]));
        UdpPort[] ports = [.. clients.Select(client => new UdpPort(Deadline, new IPEndPoint(client, 0)))];

        await ExpectServedAsync(relay, echo, ports[..2]);
        using (IUdpCaller third = await relay.OpenUdpAsync(Entry.Socks5, echo.EndPoint, Deadline))
        {
            await third.ExpectEchoAsync(100);
            await ExpectRefusedAsync(relay, echo, ports[2..]);
            await relay.Calling.WaitForProblemAsync("UdpFlows");
        }

        using ForwardCaller late = new(ports[3], relay.UdpForwardTo(echo.EndPoint));
        await late.ExpectEchoInTheEndAsync();
        Array.ForEach(ports, port => port.Dispose());
    }

    private static async Task ExpectServedAsync(Relay relay, UdpTarget echo, UdpPort[] ports)
    {
        foreach (UdpPort port in ports)
        {
            // Its owner disposes of the port.
            ForwardCaller caller = new(port, relay.UdpForwardTo(echo.EndPoint));
            await caller.ExpectEchoAsync(100);
        }
    }

    private static async Task ExpectRefusedAsync(Relay relay, UdpTarget echo, UdpPort[] ports)
    {
        foreach (UdpPort port in ports)
        {
            await port.SendAsync(new byte[] { 1 }, relay.UdpForwardTo(echo.EndPoint));
        }

        foreach (UdpPort port in ports)
        {
            await port.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
        }
    }

    private Task<Relay> StartAsync(RelayMode mode, UdpTarget echo, int flows, int perClient) => StartUdpRelayAsync(new RelayPlan(mode)
    {
        UdpForwards = [echo.EndPoint],
        UdpTimeout = 3600,
        ChangeCalling = config =>
        {
            config["Limits"]!["UdpFlows"] = flows;
            config["Limits"]!["UdpFlowsPerClient"] = perClient;
        },
    });
}
