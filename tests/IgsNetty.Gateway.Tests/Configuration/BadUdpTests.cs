using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What can be wrong in the keys of UDP, each with the whole of what is said.</summary>
public sealed class BadUdpTests
{
    private const string Seconds = "UdpResponseTimeoutSeconds";
    private const string Filter = "UdpReplyFilter";
    private const string NotForTcp = "is for Protocol udp only; remove it, or set Protocol to udp";
    private const string Null = "must not be null; write a value, or leave the key away to have its default";
    private const string NotSingle = "must be a single value, not a section { … } or a list [ … ]";

    /// <summary>The same for a udp forward and for the proxy.</summary>
    public static TheoryData<string, string, string> Values => new()
    {
        { "\"UdpResponseTimeoutSeconds\": -1", Seconds, "must be a whole number from 0 to 3600, not '-1'" },
        { "\"UdpResponseTimeoutSeconds\": 3601", Seconds, "must be a whole number from 0 to 3600, not '3601'" },
        { "\"UdpResponseTimeoutSeconds\": 0.5", Seconds, "must be a whole number from 0 to 3600, not '0.5'" },
        { "\"UdpResponseTimeoutSeconds\": \"\"", Seconds, "must be a whole number from 0 to 3600, not ''" },
        { "\"UdpResponseTimeoutSeconds\": \"10 s\"", Seconds, "must be a whole number from 0 to 3600, not '10 s'" },
        { "\"UdpResponseTimeoutSeconds\": [ 10 ]", Seconds, NotSingle },
        { "\"UdpResponseTimeoutSeconds\": null", Seconds, Null },
        { "\"UdpReplyFilter\": \"port\"", Filter, "must be address, exact or any, not 'port'" },
        { "\"UdpReplyFilter\": \"\"", Filter, "must be address, exact or any, not ''" },
        { "\"UdpReplyFilter\": 1", Filter, "must be address, exact or any, not '1'" },
        { "\"UdpReplyFilter\": { \"exact\": true }", Filter, NotSingle },
        { "\"UdpReplyFilter\": null", Filter, Null },
        { "\"UdpReplyFiler\": \"any\"", "UdpReplyFiler", "is not a known key; did you mean 'UdpReplyFilter'?" },
        { "\"UdpResponseTimeoutSecond\": 1", "UdpResponseTimeoutSecond", "is not a known key; did you mean 'UdpResponseTimeoutSeconds'?" },
    };

    public static TheoryData<string, string, string> Limits => new()
    {
        { "\"UdpFlows\": 0", "UdpFlows", "must be a whole number from 1 to 1048576, not '0'" },
        { "\"UdpFlows\": 1048577", "UdpFlows", "must be a whole number from 1 to 1048576, not '1048577'" },
        { "\"UdpFlows\": \"many\"", "UdpFlows", "must be a whole number from 1 to 1048576, not 'many'" },
        { "\"UdpFlowsPerClient\": 0", "UdpFlowsPerClient", "must be a whole number from 1 to 1048576, not '0'" },
        { "\"UdpFlowsPerClient\": 1048577", "UdpFlowsPerClient", "must be a whole number from 1 to 1048576, not '1048577'" },
        { "\"UdpFlowsPerClient\": { }", "UdpFlowsPerClient", NotSingle },
        { "\"UdpFlowsPerPeer\": 0", "UdpFlowsPerPeer", "must be a whole number from 1 to 1048576, not '0'" },
        { "\"UdpFlow\": 1", "UdpFlow", "is not a known key; did you mean 'UdpFlows'?" },
        { "\"UdpFlowsPerCient\": 1", "UdpFlowsPerCient", "is not a known key; did you mean 'UdpFlowsPerClient'?" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void In_a_udp_forward(string setting, string key, string message) => Forward($"\"Protocol\": \"udp\", {setting}", key, message);

    [Theory]
    [MemberData(nameof(Values))]
    public void In_the_proxy(string setting, string key, string message) =>
        Loading.ThisError(Loading.Json($$"""{ "Proxy": { {{setting}} } }"""), $"Proxy:{key}", message);

    [Theory]
    [MemberData(nameof(Values))]
    public void In_a_proxy_that_is_off(string setting, string key, string message) => Loading.ThisError(
        Loading.Json($$"""{ "Proxy": { "Enabled": false, {{setting}} }, "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }"""),
        $"Proxy:{key}",
        message);

    [Theory]
    [MemberData(nameof(Limits))]
    public void In_the_limits(string setting, string key, string message) =>
        Loading.ThisError(Loading.Json($$"""{ "Proxy": { }, "Limits": { {{setting}} } }"""), $"Limits:{key}", message);

    [Theory]
    [InlineData("\"UdpResponseTimeoutSeconds\": 5", Seconds)]
    [InlineData("\"UdpResponseTimeoutSeconds\": 3601", Seconds)]
    [InlineData("\"UdpReplyFilter\": \"address\"", Filter)]
    [InlineData("\"UdpReplyFilter\": [ ]", Filter)]
    public void In_a_tcp_forward(string setting, string key)
    {
        Forward(setting, key, NotForTcp);
        Forward($"\"Protocol\": \"TCP\", {setting}", key, NotForTcp);
    }

    [Theory]
    [InlineData("\"sctp\"", "must be tcp or udp, not 'sctp'")]
    [InlineData("\"any\"", "must be tcp or udp, not 'any'")]
    [InlineData("\"\"", "must be tcp or udp, not ''")]
    [InlineData("[ \"udp\" ]", NotSingle)]
    [InlineData("null", Null)]
    public void A_wrong_protocol_is_not_taken_for_tcp(string protocol, string message)
    {
        Forward($"\"Protocol\": {protocol}", "Protocol", message);
        Forward($"\"Protocol\": {protocol}, \"UdpResponseTimeoutSeconds\": 5, \"UdpReplyFilter\": \"any\"", "Protocol", message);
    }

    [Fact]
    public void Both_keys_are_told_at_once()
    {
        ConfigurationResult result = Loading.Json("""
            { "Forwards": [ { "Name": "t", "Listen": "127.0.0.1:0", "Target": "a:1", "UdpReplyFilter": "any", "UdpResponseTimeoutSeconds": 1 },
                            { "Name": "u", "Protocol": "udp", "Listen": "127.0.0.1:0", "Target": "a:1", "UdpReplyFilter": "x", "UdpResponseTimeoutSeconds": "y" } ] }
            """);
        Assert.Equal(
            ["Forwards:0:UdpReplyFilter", "Forwards:0:UdpResponseTimeoutSeconds", "Forwards:1:UdpReplyFilter", "Forwards:1:UdpResponseTimeoutSeconds"],
            result.Errors.Select(e => e.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_override_is_checked_like_the_file()
    {
        Loading.ThisError(
            Loading.NoFile("--Proxy:UdpReplyFilter=none"), "Proxy:UdpReplyFilter", "must be address, exact or any, not 'none'");
        Loading.ThisError(
            ConfigurationLoader.Load(null, null, [], Loading.Environment(("Limits:UdpFlows", "-5"))),
            "Limits:UdpFlows",
            "must be a whole number from 1 to 1048576, not '-5'");
    }

    [Theory]
    [InlineData("*:0", "[::]:0")]
    [InlineData("192.0.2.1:0", "192.0.2.1:0")]
    public void The_proxy_beyond_loopback_needs_users_for_udp_as_for_tcp(string written, string listen) => Loading.ThisError(
        Loading.Json($$"""{ "Proxy": { "Listen": "{{written}}", "UdpReplyFilter": "exact" } }"""),
        "Proxy:Listen",
        $"{listen} is beyond loopback and Proxy:Users is empty, which would open a relay for everybody; set Proxy:Users, or listen on 127.0.0.1");

    private static void Forward(string settings, string key, string message) => Loading.ThisError(
        Loading.Json($$"""{ "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1", {{settings}} } ] }"""), $"Forwards:0:{key}", message);
}
