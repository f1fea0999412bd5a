using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What can be wrong in <c>Proxy</c> and <c>Forwards</c>. <see cref="BadUdpTests"/> has the keys of UDP.</summary>
public sealed class BadEndpointsTests
{
    private static readonly string Long = new('x', 256);

    public static TheoryData<string, string, string> Proxies => new()
    {
        { """{ "Enabled": "yes" }""", "Proxy:Enabled", "must be true or false, not 'yes'" },
        { """{ "Enabled": 1 }""", "Proxy:Enabled", "must be true or false, not '1'" },
        { """{ "Listen": "20304" }""", "Proxy:Listen", "the port is missing" },
        { """{ "Listen": "127.1:20304" }""", "Proxy:Listen", "'127.1' is not an address in full" },
        { """{ "Listen": "0.0.0.0:0" }""", "Proxy:Listen", "would open a relay for everybody; set Proxy:Users, or listen on 127.0.0.1" },
        { """{ "Listen": "*:0" }""", "Proxy:Listen", "[::]:0 is beyond loopback" },
        { """{ "Listen": "192.0.2.1:0", "Users": { } }""", "Proxy:Listen", "beyond loopback" },
        { """{ "Users": { "": "secret" } }""", "Proxy:Users:", "a user name must have 1 to 255 bytes" },
        { """{ "Users": { "alice": "" } }""", "Proxy:Users:alice", "the password must have 1 to 255 bytes" },
        { """{ "Users": { "a:b": "secret" } }""", "Proxy:Users:a", "a user name may hold no ':'" },
        { """{ "Users": { "alice": { "Password": "secret" } } }""", "Proxy:Users:alice", "must be \"name\": \"password\"" },
        { """{ "Users": [ "alice:secret" ] }""", "Proxy:Users", "must be a section { … }, not a list [ … ]" },
        { """{ "Users": "alice" }""", "Proxy:Users", "must be a section { … }, not a single value" },
        { $$"""{ "Users": { "{{Long}}": "secret" } }""", $"Proxy:Users:{Long}", "a user name must have 1 to 255 bytes" },
        { $$"""{ "Users": { "alice": "{{Long}}" } }""", "Proxy:Users:alice", "the password must have 1 to 255 bytes" },
        { """{ "User": { "alice": "secret" } }""", "Proxy:User", "did you mean 'Users'?" },
    };

    public static TheoryData<string, string, string> Forwards => new()
    {
        { """{ "Listen": "127.0.0.1:0", "Target": "a:1" }""", "Forwards:0:Name", "is missing; set it to a name for logs" },
        { """{ "Name": "web site", "Listen": "127.0.0.1:0", "Target": "a:1" }""", "Forwards:0:Name", "must be 1 to 64 letters" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Protocol": "sctp" }""", "Forwards:0:Protocol", "must be tcp or udp, not 'sctp'" },
        { """{ "Name": "w", "Target": "a:1" }""", "Forwards:0:Listen", "is missing; set it to an address such as 127.0.0.1:8080" },
        { """{ "Name": "w", "Listen": "127.0.0.1:http", "Target": "a:1" }""", "Forwards:0:Listen", "the port must be a whole number from 0 to 65535" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0" }""", "Forwards:0:Target", "is missing; set it to HOST:PORT" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "host" }""", "Forwards:0:Target", "it must be HOST:PORT" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a b:80" }""", "Forwards:0:Target", "the host name may hold letters" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "0.0.0.0:80" }""", "Forwards:0:Target", "name the host" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Via": "far-away" }""", "Forwards:0:Via", "no peer is called 'far-away'; add it to Links:Dial, or set Links:Listen" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Via": "Site-b" }""", "Forwards:0:Via", "no peer is called 'Site-b'; did you mean 'site-b'?" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Via": "site-a" }""", "Forwards:0:Via", "is this gateway itself; to open targets from here, write 'direct'" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Via": "local" }""", "Forwards:0:Via", "'local' is reserved" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", "Traget": "b:1" }""", "Forwards:0:Traget", "did you mean 'Target'?" },
        { """{ "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" }, { "Name": "W", "Listen": "127.0.0.1:0", "Target": "a:1" }""", "Forwards:1:Name", "'W' is also the name at Forwards:0:Name" },
        { "\"web\"", "Forwards:0", "must be a section { … }, not a single value" },
        { """[ "web" ]""", "Forwards:0", "must be a section { … }, not a list [ … ]" },
    };

    [Theory]
    [MemberData(nameof(Proxies))]
    public void Proxy(string section, string key, string part) => Loading.OneError(Loading.Json($$"""{ "Proxy": {{section}} }"""), key, part);

    [Theory]
    [MemberData(nameof(Forwards))]
    public void Forward(string entries, string key, string part) => Loading.OneError(
        Loading.Json($$"""
            { "Gateway": { "Name": "site-a" },
              "Links": { "Dial": [ { "Peer": "site-b", "Address": "[::1]:1" } ], "Security": { "Mode": "none" } },
              "Forwards": [ {{entries}} ] }
            """),
        key,
        part);
}
