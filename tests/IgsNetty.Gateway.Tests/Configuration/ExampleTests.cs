using System.Net;
using IgsNetty.Endpoints.Forwards;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>The configurations that the documents show.</summary>
public sealed class ExampleTests
{
    private const string Dns = "dns Udp 127.0.0.1:5353 10.1.2.53:53 site-b 5";

    [Fact]
    public void The_example_of_docs_configuration_md_loads_without_errors_or_warnings()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.md"));
        string[] blocks = page.Split("```jsonc\n");
        Assert.Equal(2, blocks.Length);
        GatewayConfiguration configuration = Loading.Valid(Loading.Json(blocks[1].Split("```")[0]));
        Assert.Empty(configuration.Warnings);
        Assert.NotEmpty(configuration.LinkListen);
        Assert.NotEmpty(configuration.LinkDial);
        Assert.NotEmpty(configuration.Proxy.Users);
        Assert.Contains(Dns, configuration.Forwards.Select(Written));
        Assert.NotEmpty(configuration.Routes);
        Assert.NotEmpty(configuration.Allow);
    }

    [Fact]
    public void The_contract_of_design_architecture_md_in_what_this_version_has()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json("""
            {
              "Gateway":  { "Name": "site-a", "Transport": "auto" },              // auto | sockets | epoll
              "Links": {
                "Listen": [ "0.0.0.0:22280" ],
                "Dial":   [ { "Peer": "site-b", "Address": "10.9.0.2:22280", "Connections": 2 } ],
                "Security": { "Mode": "tls", "Certificate": "site-a.pem", "Key": "site-a.key", "Authority": "ca.pem" },   // tls | shared-key | none (none: loopback only)
                "KeepAlive": { "IdleSeconds": 31, "IntervalSeconds": 6, "Count": 4 },
                "Reconnect": { "InitialSeconds": 0.6, "MaximumSeconds": 31 }
              },
              "Proxy":    { "Enabled": true, "Listen": "127.0.0.1:20304", "UdpResponseTimeoutSeconds": 11, "Users": { } },
              "Forwards": [ { "Name": "web", "Protocol": "tcp", "Listen": "127.0.0.1:8080", "Target": "10.1.2.3:80", "Via": "site-b" },
                            { "Name": "dns", "Protocol": "udp", "Listen": "127.0.0.1:5353", "Target": "10.1.2.53:53", "Via": "site-b", "UdpResponseTimeoutSeconds": 5 } ],
              "Routes":   [ { "Destination": "10.1.0.0/16", "Ports": "1-65535", "Via": "site-b" }, { "Destination": "*.plant.example", "Via": "site-b" }, { "Destination": "*", "Via": "direct" } ],
              "Allow":    [ { "From": "site-a", "Protocol": "tcp", "Destination": "10.1.0.0/16", "Ports": "80,443" } ],
              "Limits":   { "StreamsPerLink": 65537, "MemoryMiB": 513, "OpensPerSecondPerPeer": 20001 },
              "Admin":    { "Listen": "127.0.0.1:20380" }
            }
            """));
        Assert.Equal("site-a", configuration.Name);
        Assert.Equal([new IPEndPoint(IPAddress.Any, 22280)], configuration.LinkListen);
        Assert.Equal("site-b 10.9.0.2:22280 2", string.Join(',', configuration.LinkDial.Select(d => $"{d.Peer} {d.Address} {d.Connections}")));
        Assert.Equal(LinkSecurityMode.Tls, configuration.Security.Mode);
        Assert.NotNull(configuration.Security.Tls);
        Assert.Equal(new KeepAliveOptions { IdleSeconds = 31, IntervalSeconds = 6, Count = 4 }, configuration.KeepAlive);
        Assert.Equal((0.6, 31), (configuration.Reconnect.InitialSeconds, configuration.Reconnect.MaximumSeconds));
        Assert.Equal((true, 11), (configuration.Proxy.Enabled, configuration.Proxy.Udp.ResponseTimeoutSeconds));
        Assert.Equal(["web Tcp 127.0.0.1:8080 10.1.2.3:80 site-b 10", Dns], configuration.Forwards.Select(Written));
        Assert.Equal(
            ["10.1.0.0/16 1-65535 site-b", "*.plant.example 1-65535 site-b", "* 1-65535 direct"],
            configuration.Routes.Select(r => $"{r.Destination} {r.Ports} {r.Via}"));
        AccessRule rule = Assert.Single(configuration.Allow);
        Assert.Equal("site-a Tcp 10.1.0.0/16 80,443", $"{rule.From} {rule.Protocol} {rule.Destination} {rule.Ports}");
        Assert.Equal((65537, 513, 20001), (configuration.Limits.StreamsPerLink, configuration.Limits.MemoryMiB, configuration.Limits.OpensPerSecondPerPeer));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 20380), configuration.AdminListen);
        Assert.Equal(2, configuration.Warnings.Count);
        Assert.StartsWith("Allow:0:From: 'site-a' is this gateway itself", configuration.Warnings[0], StringComparison.Ordinal);
        Assert.Equal("Admin:Listen: this version has no admin page yet; the address is not opened", configuration.Warnings[1]);
    }

    private static string Written(ForwardOptions f) => $"{f.Name} {f.Protocol} {f.Listen} {f.Target} {f.Via} {f.Udp.ResponseTimeoutSeconds}";
}
