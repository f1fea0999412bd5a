using System.Net;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Endpoints.LinkDialer;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class DefaultsTests
{
    [Fact]
    public void Without_a_file_it_is_single_server_mode_on_loopback()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.NoFile());
        Assert.Equal(GatewayName.FromHost(Environment.MachineName), configuration.Name);
        Assert.True(configuration.Proxy.Enabled);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 20304), configuration.Proxy.Listen);
        Assert.Equal(new DatagramOptions(), configuration.Proxy.Udp);
        Assert.Empty(configuration.Proxy.Users);
        Assert.Equal(TransportKind.Auto, configuration.Transport);
        Assert.Equal(0, configuration.Loops);
        Assert.Empty(configuration.LinkListen);
        Assert.Empty(configuration.LinkDial);
        Assert.Empty(configuration.Forwards);
        Assert.Empty(configuration.Routes);
        Assert.Empty(configuration.Allow);
        Assert.Equal(LinkSecurityMode.None, configuration.Security.Mode);
        Assert.Equal(new KeepAliveOptions(), configuration.KeepAlive);
        Assert.Equal(new ReconnectOptions(), configuration.Reconnect);
        Assert.Equal(new RelayLimits(), configuration.Limits);
        Assert.Null(configuration.AdminListen);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("""{ "Proxy": { } }""", true)]
    [InlineData("""{ "Proxy": { "Listen": "127.0.0.1:0" } }""", true)]
    [InlineData("""{ "Proxy": { "Enabled": false }, "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }""", false)]
    [InlineData("""{ "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }""", false)]
    public void With_a_file_a_proxy_section_opens_the_proxy(string json, bool enabled) =>
        Assert.Equal(enabled, Loading.Valid(Loading.Json(json)).Proxy.Enabled);

    [Fact]
    public void Rules_are_for_all_ports_and_both_protocols()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json(
            """{ "Proxy": { }, "Routes": [ { "Destination": "*", "Via": "Direct" } ], "Allow": [ { "From": "LOCAL", "Destination": "*" } ] }"""));
        Assert.Equal(new RouteRule(DestinationPattern.Any, PortSet.All, RouteRule.Direct), Assert.Single(configuration.Routes));
        Assert.Equal(new AccessRule("local", TransportProtocol.Any, DestinationPattern.Any, PortSet.All), Assert.Single(configuration.Allow));
    }

    [Theory]
    [InlineData("GW1", "gw1")]
    [InlineData("Gw-1.plant.example", "gw-1")]
    [InlineData("my host_2", "my-host_2")]
    [InlineData("büro", "b-ro")]
    [InlineData("", "gateway")]
    [InlineData(".example", "gateway")]
    [InlineData("local", "gateway")]
    [InlineData("DIRECT", "gateway")]
    public void Name_of_a_host(string host, string name) => Assert.Equal(name, GatewayName.FromHost(host));

    [Fact]
    public void Name_of_a_host_is_cut_at_64() => Assert.Equal(new string('a', 64), GatewayName.FromHost(new string('A', 70)));
}
