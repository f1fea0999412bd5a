using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What can be wrong in <c>Gateway</c> and <c>Links</c>: each row has this one error and no other.</summary>
public sealed class BadLinksTests
{
    public static TheoryData<string, string, string> Gateways => new()
    {
        { """{ "Name": "" }""", "Gateway:Name", "must be 1 to 64 letters (a-z), digits, '.', '_' or '-', not ''" },
        { """{ "Name": "site a" }""", "Gateway:Name", "not 'site a'" },
        { """{ "Name": "büro" }""", "Gateway:Name", "not 'büro'" },
        { """{ "Name": "0123456789012345678901234567890123456789012345678901234567890123x" }""", "Gateway:Name", "1 to 64" },
        { """{ "Name": "direct" }""", "Gateway:Name", "'direct' is reserved; choose another name" },
        { """{ "Name": "Local" }""", "Gateway:Name", "'Local' is reserved" },
        { """{ "Name": "*" }""", "Gateway:Name", "'*' is reserved" },
        { """{ "Transport": "libuv" }""", "Gateway:Transport", "must be auto, sockets or epoll, not 'libuv'" },
        { """{ "Resolver": "bind" }""", "Gateway:Resolver", "must be auto, dns or system, not 'bind'" },
        { """{ "Loops": 65 }""", "Gateway:Loops", "must be a whole number from 0 to 64, not '65'" },
        { """{ "Loops": -1 }""", "Gateway:Loops", "must be a whole number from 0 to 64, not '-1'" },
        { """{ "Loops": 1.5 }""", "Gateway:Loops", "must be a whole number from 0 to 64, not '1.5'" },
        { """{ "Loops": "many" }""", "Gateway:Loops", "not 'many'" },
        { """{ "Loops": 99999999999 }""", "Gateway:Loops", "must be a whole number from 0 to 64" },
        { """{ "Nam": "site-a" }""", "Gateway:Nam", "is not a known key; did you mean 'Name'?" },
        { """{ "Colour": "red" }""", "Gateway:Colour", "is not a known key; known here: Name, Transport, Resolver, Loops" },
    };

    public static TheoryData<string, string, string> Links => new()
    {
        { """ "Listen": [ "127.0.0.1" ] """, "Links:Listen:0", "the port is missing; write IP:PORT" },
        { """ "Listen": [ "127.0.0.1:0", "127.0.0.1:65536" ] """, "Links:Listen:1", "the port must be a whole number from 0 to 65535" },
        { """ "Listen": [ "::1:22280" ] """, "Links:Listen:0", "an IPv6 address goes in brackets" },
        { """ "Listen": [ "gateway.example:22280" ] """, "Links:Listen:0", "'gateway.example' is not an address in full" },
        { """ "Listen": [ ":22280" ] """, "Links:Listen:0", "the address before ':' is missing" },
        { """ "Listen": [ "" ] """, "Links:Listen:0", "'' is not an address to listen on" },
        { """ "Dial": [ { "Address": "127.0.0.1:1" } ] """, "Links:Dial:0:Peer", "is missing; set it to the name of the other gateway" },
        { """ "Dial": [ { "Peer": "b c", "Address": "127.0.0.1:1" } ] """, "Links:Dial:0:Peer", "must be 1 to 64 letters" },
        { """ "Dial": [ { "Peer": "local", "Address": "127.0.0.1:1" } ] """, "Links:Dial:0:Peer", "'local' is reserved" },
        { """ "Dial": [ { "Peer": "Site-A", "Address": "127.0.0.1:1" } ] """, "Links:Dial:0:Peer", "is the name of this gateway itself" },
        { """ "Dial": [ { "Peer": "b" } ] """, "Links:Dial:0:Address", "is missing; set it to HOST:PORT" },
        { """ "Dial": [ { "Peer": "b", "Address": "10.9.0.2" } ] """, "Links:Dial:0:Address", "it must be HOST:PORT" },
        { """ "Dial": [ { "Peer": "b", "Address": "localhost:0" } ] """, "Links:Dial:0:Address", "port 0 is not in 1-65535" },
        { """ "Dial": [ { "Peer": "b", "Address": "[::]:22280" } ] """, "Links:Dial:0:Address", "is an address to listen on, not one to reach" },
        { """ "Dial": [ { "Peer": "b", "Address": "localhost:1", "Connections": 65 } ] """, "Links:Dial:0:Connections", "from 0 to 64, not '65'" },
        { """ "Dial": [ { "Peer": "b", "Adress": "localhost:1", "Address": "localhost:1" } ] """, "Links:Dial:0:Adress", "did you mean 'Address'?" },
        { """ "Dial": [ { "Peer": "b", "Address": "localhost:1" }, { "Peer": "b", "Address": "LOCALHOST.:1" } ] """, "Links:Dial:1:Address", "is dialled twice for peer 'b'" },
        { """ "KeepAlive": { "IdleSeconds": 0 } """, "Links:KeepAlive:IdleSeconds", "from 1 to 86400, not '0'" },
        { """ "KeepAlive": { "IntervalSeconds": 3601 } """, "Links:KeepAlive:IntervalSeconds", "from 1 to 3600, not '3601'" },
        { """ "KeepAlive": { "Count": 101 } """, "Links:KeepAlive:Count", "from 0 to 100, not '101'" },
        { """ "Reconnect": { "InitialSeconds": 0 } """, "Links:Reconnect:InitialSeconds", "must be a number from 0.01 to 3600, not '0'" },
        { """ "Reconnect": { "InitialSeconds": "NaN" } """, "Links:Reconnect:InitialSeconds", "not 'NaN'" },
        { """ "Reconnect": { "MaximumSeconds": 86401 } """, "Links:Reconnect:MaximumSeconds", "must be a number from 0.01 to 86400, not '86401'" },
        { """ "Reconnect": { "InitialSeconds": 60 } """, "Links:Reconnect:MaximumSeconds", "is 30, less than InitialSeconds; set it to at least 60" },
        { """ "KeepALive": { "Idle": 3 } """, "Links:KeepAlive:Idle", "is not a known key; known here: IdleSeconds, IntervalSeconds, Count" },
        { """ "Reconect": { } """, "Links:Reconect", "did you mean 'Reconnect'?" },
    };

    [Theory]
    [MemberData(nameof(Gateways))]
    public void Gateway(string section, string key, string part) =>
        Loading.OneError(Loading.Json($$"""{ "Gateway": {{section}}, "Proxy": { } }"""), key, part);

    [Theory]
    [MemberData(nameof(Links))]
    public void Link(string keys, string key, string part) => Loading.OneError(
        Loading.Json($$"""{ "Gateway": { "Name": "site-a" }, "Links": { "Security": { "Mode": "none" }, {{keys}} }, "Proxy": { } }"""), key, part);
}
