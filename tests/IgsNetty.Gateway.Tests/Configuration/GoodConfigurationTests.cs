using System.Net;
using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What is allowed although it is near to what is not, and what is only warned of.</summary>
public sealed class GoodConfigurationTests
{
    [Theory]
    [InlineData("127.0.0.1:22280")]
    [InlineData("127.9.8.7:0")]
    [InlineData("[::1]:22280")]
    [InlineData("localhost:22280")]
    [InlineData("[::ffff:127.0.0.1]:1")]
    public void Mode_none_on_loopback_is_warned_of(string listen)
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""
            { "Links": { "Listen": [ "{{listen}}" ], "Dial": [ { "Peer": "b", "Address": "LocalHost:1" } ], "Security": { "Mode": "NONE", "Key": "x" } } }
            """));
        Assert.Equal(
            ["Links:Security:Mode is none: peers' names are taken on trust, so any program on this machine can pose as a peer",
             "Links:Security:Key: is not used, since Links:Security:Mode is none"],
            configuration.Warnings.Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public void A_peer_that_may_dial_in_needs_no_entry()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json("""
            { "Links": { "Listen": [ "*:0" ], "Security": { "Mode": "shared-key", "Key": "link.key" } },
              "Forwards": [ { "Name": "w", "Listen": "*:0", "Target": "[fd00::1]:80", "Via": "any-name" } ],
              "Routes": [ { "Destination": "*", "Via": "other-name" } ], "Allow": [ { "From": "third-name", "Destination": "*" } ] }
            """));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 0), Assert.Single(configuration.LinkListen));
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void Errors_elsewhere_do_not_make_peers_and_users_unknown()
    {
        ConfigurationResult result = Loading.Json("""
            { "Links": { "Dial": [ { "Peer": "site-b", "Address": "nowhere" } ], "Security": { "Mode": "shared-key", "Key": "link.key" } },
              "Proxy": { "Users": { "alice": "" } },
              "Routes": [ { "Destination": "*", "Via": "site-b" } ], "Allow": [ { "From": "user:alice", "Destination": "*" } ] }
            """);
        Assert.Equal(["Links:Dial:0:Address", "Proxy:Users:alice"], result.Errors.Select(e => e.Key));
    }

    [Fact]
    public void A_rule_for_a_peer_that_cannot_come_is_warned_of()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json("""{ "Proxy": { }, "Allow": [ { "From": "site-b", "Destination": "*" } ] }"""));
        Assert.Equal(["Allow:0:From: 'site-b' is not in Links:Dial and cannot dial in, so the rule fits nobody"], configuration.Warnings);
    }

    [Fact]
    public void One_peer_may_have_several_gateways() => Assert.Equal(2, Loading.Valid(Loading.Json("""
        { "Links": { "Dial": [ { "Peer": "b", "Address": "10.0.0.1:1" }, { "Peer": "b", "Address": "10.0.0.2:1" } ],
                     "Security": { "Mode": "shared-key", "Key": "link.key" } } }
        """)).LinkDial.Count);

    [Fact]
    public void Users_open_the_proxy_to_the_network_and_may_have_rules()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json(
            """{ "Proxy": { "Listen": "*:0", "Users": { "Alice": "1:2", "12": "34" } }, "Allow": [ { "From": "USER:Alice", "Destination": "*" } ] }"""));
        Assert.Equal(["12", "Alice"], configuration.Proxy.Users.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("1:2", configuration.Proxy.Users["Alice"]);
        Assert.Equal("user:Alice", Assert.Single(configuration.Allow).From);
    }

    [Fact]
    public void A_key_is_found_beside_the_file_or_by_its_full_name_and_should_be_private()
    {
        using TempFolder folder = new();
        string key = folder.WriteKey();
        string file = folder.Write("igsnetty.json", """{ "Links": { "Listen": [ "127.0.0.1:0" ], "Security": { "Mode": "shared-key", "Key": "./link.key" } } }""");
        foreach (string[] overrides in (string[][])[[], [$"--Links:Security:Key={key}"]])
        {
            GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(file, null, overrides, Loading.NoEnvironment));
            Assert.Equal(16, configuration.Security.SharedKey.Length);
            Assert.Empty(configuration.Warnings);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            string warning = Assert.Single(Loading.Valid(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment)).Warnings);
            Assert.StartsWith("Links:Security:Key: the file can be read by other users", warning, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("enabeld", "Enabled")]
    [InlineData("LISTEN", "Listen")]
    [InlineData("Lisetn", "Listen")]
    [InlineData("UdpResponseTimeout", null)]
    [InlineData("x", null)]
    public void The_nearest_word(string written, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(written, ["Enabled", "Listen", "UdpResponseTimeoutSeconds", "Users"]));
}
