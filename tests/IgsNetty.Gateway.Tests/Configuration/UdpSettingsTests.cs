using IgsNetty.Endpoints.Forwards;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>The keys of UDP: defaults, good values, and where they may come from.</summary>
public sealed class UdpSettingsTests
{
    private const string Udp = """ "Name": "dns", "Protocol": "udp", "Listen": "127.0.0.1:0", "Target": "a:53" """;

    [Fact]
    public void Defaults()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""
            { "Proxy": { }, "Forwards": [ { {{Udp}} }, { "Name": "web", "Listen": "127.0.0.1:0", "Target": "a:80" } ] }
            """));
        Assert.Equal([TransportProtocol.Udp, TransportProtocol.Tcp], configuration.Forwards.Select(f => f.Protocol));
        foreach (DatagramOptions options in (DatagramOptions[])[configuration.Proxy.Udp, .. configuration.Forwards.Select(f => f.Udp)])
        {
            Assert.Equal(10, options.ResponseTimeoutSeconds);
            Assert.Equal(ReplyFilter.Address, options.ReplyFilter);
        }

        Assert.Equal((65536, 32768, 32768), (configuration.Limits.UdpFlows, configuration.Limits.UdpFlowsPerClient, configuration.Limits.UdpFlowsPerPeer));
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("0", "\"address\"", 0, ReplyFilter.Address)]
    [InlineData("1", "\"exact\"", 1, ReplyFilter.Exact)]
    [InlineData("3600", "\"any\"", 3600, ReplyFilter.Any)]
    [InlineData("\"60\"", "\"EXACT\"", 60, ReplyFilter.Exact)]
    public void Good_values(string timeout, string filter, int seconds, ReplyFilter meant)
    {
        string settings = $"\"UdpResponseTimeoutSeconds\": {timeout}, \"UdpReplyFilter\": {filter}";
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""
            { "Proxy": { {{settings}} }, "Forwards": [ { {{Udp}}, {{settings}} } ] }
            """));
        DatagramOptions expected = new() { ResponseTimeoutSeconds = seconds, ReplyFilter = meant };
        Assert.Equal(expected, configuration.Proxy.Udp);
        Assert.Equal(expected, Assert.Single(configuration.Forwards).Udp);
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("\"UdpPorts\": \"shared\"", null, true)]
    [InlineData("\"UdpPorts\": \"Own\"", "0-0", false)]
    [InlineData("\"UdpPorts\": \"20400-20999\"", "20400-20999", false)]
    public void The_ports_of_associations(string setting, string? range, bool isShared)
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""{ "Proxy": { {{setting}} } }"""));
        Assert.Equal(range, configuration.Proxy.UdpPorts is { } ports ? $"{ports.First}-{ports.Last}" : null);
        Assert.Equal(isShared, configuration.Proxy.SharesUdpPort);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("20400")]
    [InlineData("20999-20400")]
    [InlineData("0-10")]
    [InlineData("other")]
    public void Other_ports_of_associations_are_an_error(string text) => Loading.OneError(
        Loading.Json($$"""{ "Proxy": { "UdpPorts": "{{text}}" } }"""), "Proxy:UdpPorts", "must be shared, own or a range of ports such as 20400-20999");

    [Theory]
    [InlineData("tcp", TransportProtocol.Tcp)]
    [InlineData("Udp", TransportProtocol.Udp)]
    [InlineData("UDP", TransportProtocol.Udp)]
    public void Case_of_the_protocol_does_not_matter(string written, TransportProtocol protocol) => Assert.Equal(
        protocol,
        Assert.Single(Loading.Valid(Loading.Json(
            $$"""{ "Forwards": [ { "Name": "w", "Protocol": "{{written}}", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }""")).Forwards).Protocol);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_048_576, 1_048_576)]
    [InlineData(1000, 999)]
    public void Good_limits(int flows, int each)
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json(
            $$"""{ "Proxy": { }, "Limits": { "UdpFlows": {{flows}}, "UdpFlowsPerClient": {{each}}, "UdpFlowsPerPeer": {{each}} } }"""));
        Assert.Equal(new RelayLimits { UdpFlows = flows, UdpFlowsPerClient = each, UdpFlowsPerPeer = each }, configuration.Limits);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("\"UdpFlows\": 1000, \"UdpFlowsPerClient\": 1001", "Client: 1001 is more than Limits:UdpFlows (1000), so one client")]
    [InlineData("\"UdpFlowsPerClient\": 65537", "Client: 65537 is more than Limits:UdpFlows (65536), so one client")]
    [InlineData("\"UdpFlowsPerPeer\": 65537", "Peer: 65537 is more than Limits:UdpFlows (65536), so one peer")]
    public void A_limit_per_client_or_peer_that_limits_nothing_is_warned_of(string limits, string part) => Assert.Equal(
        [$"Limits:UdpFlowsPer{part} may take all flows; set it lower"],
        Loading.Valid(Loading.Json($$"""{ "Proxy": { }, "Limits": { {{limits}} } }""")).Warnings);

    [Fact]
    public void The_default_per_client_is_not_warned_of() =>
        Assert.Empty(Loading.Valid(Loading.Json("""{ "Proxy": { }, "Limits": { "UdpFlows": 1000 } }""")).Warnings);

    [Fact]
    public void File_then_environment_then_command_line()
    {
        using TempFolder folder = new();
        string file = folder.Write("igsnetty.json", $$"""
            { "Proxy": { "UdpResponseTimeoutSeconds": 1, "UdpReplyFilter": "exact" },
              "Forwards": [ { {{Udp}}, "UdpResponseTimeoutSeconds": 2, "UdpReplyFilter": "exact" } ],
              "Limits": { "UdpFlows": 300, "UdpFlowsPerClient": 30 } }
            """);
        GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(
            file,
            null,
            ["--Proxy:UdpResponseTimeoutSeconds=5", "--Forwards:0:UdpReplyFilter", "address", "--Limits:UdpFlowsPerClient=40"],
            Loading.Environment(
                ("Proxy:UdpResponseTimeoutSeconds", "4"), ("PROXY:UDPREPLYFILTER", "any"), ("Forwards:0:UdpResponseTimeoutSeconds", "0"), ("Limits:UdpFlows", "400"))));
        Assert.Equal(new DatagramOptions { ResponseTimeoutSeconds = 5, ReplyFilter = ReplyFilter.Any }, configuration.Proxy.Udp);
        Assert.Equal(
            new DatagramOptions { ResponseTimeoutSeconds = 0, ReplyFilter = ReplyFilter.Address }, Assert.Single(configuration.Forwards).Udp);
        Assert.Equal((400, 40), (configuration.Limits.UdpFlows, configuration.Limits.UdpFlowsPerClient));
    }

    [Fact]
    public void An_override_makes_a_forward_udp()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json(
            """{ "Forwards": [ { "Name": "dns", "Listen": "127.0.0.1:0", "Target": "a:53" } ] }""",
            "--Forwards:0:Protocol=udp",
            "--Forwards:0:UdpResponseTimeoutSeconds=3"));
        ForwardOptions forward = Assert.Single(configuration.Forwards);
        Assert.Equal((TransportProtocol.Udp, 3), (forward.Protocol, forward.Udp.ResponseTimeoutSeconds));
    }

    [Fact]
    public void A_tcp_and_a_udp_forward_may_share_an_address_and_port() => Assert.Equal(
        ["dns-tcp Tcp 127.0.0.1:5353", "dns-udp Udp 127.0.0.1:5353"],
        Loading.Valid(Loading.Json("""
            { "Forwards": [ { "Name": "dns-tcp", "Listen": "127.0.0.1:5353", "Target": "a:53" },
                            { "Name": "dns-udp", "Protocol": "udp", "Listen": "127.0.0.1:5353", "Target": "a:53" } ] }
            """)).Forwards.Select(f => $"{f.Name} {f.Protocol} {f.Listen}"));
}
