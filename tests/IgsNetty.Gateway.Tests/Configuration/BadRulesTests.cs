using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What can be wrong in <c>Routes</c>, <c>Allow</c>, <c>Limits</c>, <c>Admin</c> and at the top.</summary>
public sealed class BadRulesTests
{
    public static TheoryData<string, string, string> Rows => new()
    {
        { """ "Routes": [ { "Via": "direct" } ] """, "Routes:0:Destination", "is missing; set it to '*', an address, a CIDR block" },
        { """ "Routes": [ { "Destination": "10.1.2.0/16", "Via": "direct" } ] """, "Routes:0:Destination", "it has address bits beyond /16" },
        { """ "Routes": [ { "Destination": "10.1.0.0/33", "Via": "direct" } ] """, "Routes:0:Destination", "the prefix length must be 0 to 32" },
        { """ "Routes": [ { "Destination": "plant.*", "Via": "direct" } ] """, "Routes:0:Destination", "a destination is '*', an address, a CIDR block" },
        { """ "Routes": [ { "Destination": "*" }, { "Destination": "*", "Via": "direct" } ] """, "Routes:0:Via", "is missing; set it to a peer's name, or to direct" },
        { """ "Routes": [ { "Destination": "*", "Via": "site-b" } ] """, "Routes:0:Via", "no peer is called 'site-b'; add it to Links:Dial" },
        { """ "Routes": [ { "Destination": "*", "Via": "dirct" } ] """, "Routes:0:Via", "did you mean 'direct'?" },
        { """ "Routes": [ { "Destination": "*", "Via": "a/b" } ] """, "Routes:0:Via", "write a peer's name or 'direct'" },
        { """ "Routes": [ { "Destination": "*", "Via": "direct", "Ports": "0" } ] """, "Routes:0:Ports", "'0' is not a port (1-65535) or a range" },
        { """ "Routes": [ { "Destination": "*", "Via": "direct", "Ports": "1-2\u007f" } ] """, "Routes:0:Ports", "'1-2?' is not a port (1-65535) or a range" },
        { """ "Routes": [ { "Destination": "*", "Via": "direct", "Ports": "90-80" } ] """, "Routes:0:Ports", "'90-80' is not a port" },
        { """ "Routes": [ { "Destination": "*", "Via": "direct", "Ports": [ 80 ] } ] """, "Routes:0:Ports", "must be a single value, not a section { … } or a list [ … ]" },
        { """ "Routes": [ { "Destination": "*", "Via": "direct", "Port": 80 } ] """, "Routes:0:Port", "did you mean 'Ports'?" },
        { """ "Routes": { "Destination": "*", "Via": "direct" } """, "Routes", "must be a list [ … ], not a section { … }" },
        { """ "Allow": [ { "Destination": "*" } ] """, "Allow:0:From", "is missing; set it to '*', 'local', 'user:NAME' or a peer's name" },
        { """ "Allow": [ { "From": "a b", "Destination": "*" } ] """, "Allow:0:From", "must be '*', 'local', 'user:NAME' or a peer's name, not 'a b'" },
        { """ "Allow": [ { "From": "direct", "Destination": "*" } ] """, "Allow:0:From", "must be '*', 'local'" },
        { """ "Allow": [ { "From": "user:bob", "Destination": "*" } ] """, "Allow:0:From", "Proxy:Users has no 'bob'; add the user there" },
        { """ "Allow": [ { "From": "user:Alice", "Destination": "*" } ] """, "Allow:0:From", "did you mean 'user:alice'?" },
        { """ "Allow": [ { "From": "user:", "Destination": "*" } ] """, "Allow:0:From", "Proxy:Users has no ''" },
        { """ "Allow": [ { "From": "*", "Destination": "*", "Protocol": "icmp" } ] """, "Allow:0:Protocol", "must be tcp, udp or any, not 'icmp'" },
        { """ "Allow": [ { "From": "*" } ] """, "Allow:0:Destination", "is missing" },
        { """ "Allow": [ { "From": "*", "Destination": "fd00::1/8" } ] """, "Allow:0:Destination", "it has address bits beyond /8" },
        { """ "Allow": [ { "From": "*", "Destination": "*", "Ports": "80,,443" } ] """, "Allow:0:Ports", "'' is not a port" },
        { """ "Allow": [ { "From": "*", "Destination": "*", "Via": "direct" } ] """, "Allow:0:Via", "is not a known key; known here: From, Protocol, Destination, Ports" },
        { """ "Allow": "all" """, "Allow", "must be a list [ … ], not a single value" },
        { """ "Limits": { "StreamsPerLink": 0 } """, "Limits:StreamsPerLink", "must be a whole number from 1 to 1048576, not '0'" },
        { """ "Limits": { "MemoryMiB": 15 } """, "Limits:MemoryMiB", "must be a whole number from 16 to 1048576, not '15'" },
        { """ "Limits": { "OpensPerSecondPerPeer": 10000001 } """, "Limits:OpensPerSecondPerPeer", "from 1 to 10000000" },
        { """ "Limits": { "HandshakeSeconds": 301 } """, "Limits:HandshakeSeconds", "from 1 to 300, not '301'" },
        { """ "Limits": { "ConnectSeconds": 0 } """, "Limits:ConnectSeconds", "from 1 to 300, not '0'" },
        { """ "Limits": { "LinkWaitSeconds": 301 } """, "Limits:LinkWaitSeconds", "from 0 to 300, not '301'" },
        { """ "Limits": { "HalfCloseLingerSeconds": 0 } """, "Limits:HalfCloseLingerSeconds", "from 1 to 86400, not '0'" },
        { """ "Limits": { "MemoryMB": 64 } """, "Limits:MemoryMB", "did you mean 'MemoryMiB'?" },
        { """ "Limits": [ ] """, "Limits", "must be a section { … }, not a list [ … ]" },
        { """ "Limits": null """, "Limits", "must not be null; write a value, or leave the key away" },
        { """ "Limits": { "MemoryMiB": null } """, "Limits:MemoryMiB", "must not be null" },
        { """ "Routes": [ null ] """, "Routes:0", "must not be null" },
        { """ "Admin": { "Listen": "here" } """, "Admin:Listen", "the port is missing" },
        { """ "Admin": "127.0.0.1:1" """, "Admin", "must be a section { … }, not a single value" },
        { """ "Link": { } """, "Link", "did you mean 'Links'?" },
        { """ "Metrics": { "Listen": "127.0.0.1:1" } """, "Metrics", "is not a known key; known here: Gateway, Links, Proxy, Forwards, Pipeline, Routes, Allow, Limits, Admin" },
        { """ "Transparent": { "Listen": "127.0.0.1:1" } """, "Transparent", "this section is not in this version yet; remove it" },
        { """ "Log": { } """, "Log", "this section is not in this version yet" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rule(string section, string key, string part) =>
        Loading.OneError(Loading.Json($$"""{ "Proxy": { "Users": { "alice": "pass" } }, {{section}} }"""), key, part);

    [Theory]
    [InlineData("{ }")]
    [InlineData("""{ "Gateway": { "Name": "a" }, "Routes": [ { "Destination": "*", "Via": "direct" } ] }""")]
    [InlineData("""{ "Proxy": { "Enabled": false }, "Links": { "Listen": [ ], "Dial": [ ] }, "Forwards": [ ] }""")]
    [InlineData("""{ "Admin": { "Listen": "127.0.0.1:0" } }""")]
    public void Nothing_to_do(string json) =>
        Loading.OneError(Loading.Json(json), "", "nothing to do: no listener is opened and no peer is dialled; set Proxy:Enabled to true");

    [Fact]
    public void Nothing_to_do_without_a_file() => Loading.OneError(Loading.NoFile("--Proxy:Enabled=false"), "", "nothing to do");

    [Fact]
    public void All_errors_are_told_at_once()
    {
        Gateway.Configuration.ConfigurationResult result = Loading.Json("""
            { "Gateway": { "Name": "a b", "Loops": 99, "Nmae": "x" },
              "Links": { "Dial": [ { "Peer": "b" } ] },
              "Proxy": { "Listen": "*:0", "Listen": "*:0" },
              "Forwards": [ { } ],
              "Limits": { "MemoryMiB": "lots" },
              "Allow": 1 }
            """);
        string[] keys =
        [
            "Proxy:Listen", "Gateway:Name", "Gateway:Loops", "Gateway:Nmae", "Links:Dial:0:Address", "Links:Security:Mode", "Proxy:Listen",
            "Forwards:0:Name", "Forwards:0:Listen", "Forwards:0:Target", "Allow", "Limits:MemoryMiB",
        ];
        Assert.Equal(keys, result.Errors.Select(e => e.Key));
        Assert.Contains("Gateway:Loops: must be a whole number from 0 to 64, not '99'", result.Errors.Select(e => e.ToString()));
        Assert.Null(result.Configuration);
    }
}
