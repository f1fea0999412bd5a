using System.Net;
using System.Text;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>Whose datagrams count as replies: of three who know the reply port, one has been sent to.</summary>
[AboveTransports]
public sealed class ReplyFilterTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Target = "the target";
    private const string OtherPort = "another port of it";
    private const string Stranger = "another address";

    private static readonly string[] Filters = ["address", "exact", "any"];

    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task Each_filter_lets_its_own_through_and_the_default_is_address(RelayMode mode, Entry entry)
    {
        UdpPort[] targets = [.. Filters.Select(_ => new UdpPort(Deadline))];
        using UdpPort byDefault = new(Deadline);
        UdpForward[] forwards = [.. targets.Zip(Filters, (target, filter) => new UdpForward(target.EndPoint) { Filter = filter })];
        Relay relay = await StartUdpRelayAsync(mode, [byDefault.EndPoint, .. forwards]);

        for (int i = 0; i < Filters.Length; i++)
        {
            using UdpPort target = targets[i];
            using IUdpCaller caller = await OpenAsync(relay, entry, target, Filters[i]);
            await ExpectAsync(caller, target, Filters[i]);
        }

        using IUdpCaller plain = await relay.OpenUdpAsync(entry, byDefault.EndPoint, Deadline);
        await ExpectAsync(plain, byDefault, "address");
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_configuration_of_the_proxy_port_holds_for_its_clients(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { UdpFilter = "exact" });
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Socks5, target.EndPoint, Deadline);

        await ExpectAsync(caller, target, "exact");
    }

    private async Task ExpectAsync(IUdpCaller caller, UdpPort target, string filter)
    {
        string[] expected = filter switch
        {
            "exact" => [Target],
            "address" => [OtherPort, Target],
            _ => [Stranger, OtherPort, Target],
        };
        using UdpPort other = new(Deadline);
        using UdpPort stranger = new(Deadline, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await caller.SendAsync(new byte[] { 1 });
        IPEndPoint replyPort = (await target.ReceiveAsync()).From;

        await stranger.SendAsync(Encoding.ASCII.GetBytes(Stranger), replyPort);
        await other.SendAsync(Encoding.ASCII.GetBytes(OtherPort), replyPort);
        await target.SendAsync(Encoding.ASCII.GetBytes(Target), replyPort);

        List<string> replies = [];
        while (replies.Count < expected.Length)
        {
            replies.Add(Encoding.ASCII.GetString(await caller.ReceiveAsync()));
        }

        Assert.Equal(expected.Order(), replies.Order());
        await caller.ExpectNothingAsync(TimeSpan.FromMilliseconds(100));
    }

    // A forward has its filter from the configuration; a client of the proxy port states it.
    private async Task<IUdpCaller> OpenAsync(Relay relay, Entry entry, UdpPort target, string filter)
    {
        if (entry == Entry.Forward)
        {
            return await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);
        }

        Socks5Login login = new() { Options = Socks5Options.Message(Socks5Options.Filter(filter)) };
        return new Socks5Caller(await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline, login), target.EndPoint);
    }
}
