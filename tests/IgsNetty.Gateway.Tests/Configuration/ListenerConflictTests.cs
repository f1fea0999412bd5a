using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Which listeners cannot both bind, and how that is said.</summary>
public sealed class ListenerConflictTests
{
    private const string Fix = "; use another port or address";

    public static TheoryData<string, string, string> WithTheProxy => new()
    {
        { "127.0.0.1:9000", "127.0.0.1:9000", "127.0.0.1:9000 is also taken by Proxy:Listen (127.0.0.1:9000)" },
        { "127.0.0.1:9000", "*:9000", "[::]:9000 is also taken by Proxy:Listen (127.0.0.1:9000)" },
        { "127.0.0.1:9000", "0.0.0.0:9000", "0.0.0.0:9000 is also taken by Proxy:Listen (127.0.0.1:9000)" },
        { "localhost:9000", "[::ffff:127.0.0.1]:9000", "127.0.0.1:9000 is also taken by Proxy:Listen (127.0.0.1:9000)" },
        { "[::1]:9000", "[::]:9000", "[::]:9000 is also taken by Proxy:Listen ([::1]:9000)" },
    };

    public static TheoryData<string, string, string> Udp => new()
    {
        { "127.0.0.1:9000", "127.0.0.1:9000", "127.0.0.1:9000/udp is also taken by Forwards:0:Listen (127.0.0.1:9000/udp)" },
        { "127.0.0.1:9000", "*:9000", "[::]:9000/udp is also taken by Forwards:0:Listen (127.0.0.1:9000/udp)" },
        { "0.0.0.0:9000", "localhost:9000", "127.0.0.1:9000/udp is also taken by Forwards:0:Listen (0.0.0.0:9000/udp)" },
    };

    [Theory]
    [MemberData(nameof(WithTheProxy))]
    public void A_tcp_forward_and_the_proxy(string proxy, string forward, string message) => Error(
        $$"""{ "Proxy": { "Listen": "{{proxy}}" }, "Forwards": [ {{Forward("w", "tcp", forward)}} ] }""", "Forwards:0:Listen", message + Fix);

    [Fact]
    public void A_udp_forward_and_the_proxy_whose_port_takes_both() => Error(
        $$"""{ "Proxy": { "Listen": "127.0.0.1:9000" }, "Forwards": [ {{Forward("w", "udp", "127.0.0.1:9000")}} ] }""",
        "Forwards:0:Listen",
        "127.0.0.1:9000/udp is also taken by Proxy:Listen (127.0.0.1:9000/udp)" + Fix);

    [Fact]
    public void Two_tcp_forwards() => Error(
        $$"""{ "Forwards": [ {{Forward("v", "tcp", "127.0.0.1:9000")}}, {{Forward("w", "tcp", "127.0.0.1:9000")}} ] }""",
        "Forwards:1:Listen",
        "127.0.0.1:9000 is also taken by Forwards:0:Listen (127.0.0.1:9000)" + Fix);

    [Theory]
    [MemberData(nameof(Udp))]
    public void Two_udp_forwards(string first, string second, string message) => Error(
        $$"""{ "Forwards": [ {{Forward("v", "udp", first)}}, {{Forward("w", "udp", second)}} ] }""", "Forwards:1:Listen", message + Fix);

    [Fact]
    public void Links_and_the_admin_page_are_listeners_too()
    {
        Error(
            """{ "Links": { "Listen": [ "[::1]:9000", "*:9000" ], "Security": { "Mode": "shared-key", "Key": "link.key" } } }""",
            "Links:Listen:1",
            "[::]:9000 is also taken by Links:Listen:0 ([::1]:9000)" + Fix);
        Error(
            """{ "Links": { "Listen": [ "*:20304" ], "Security": { "Mode": "shared-key", "Key": "link.key" } }, "Proxy": { } }""",
            "Proxy:Listen",
            "127.0.0.1:20304 is also taken by Links:Listen:0 ([::]:20304)" + Fix);
        Error(
            """{ "Proxy": { }, "Admin": { "Listen": "127.0.0.1:20304" } }""",
            "Admin:Listen",
            "127.0.0.1:20304 is also taken by Proxy:Listen (127.0.0.1:20304)" + Fix);
    }

    [Fact]
    public void Udp_does_not_meet_links_the_admin_page_and_tcp_forwards() => Loading.Valid(Loading.Json($$"""
        { "Links": { "Listen": [ "*:9000" ], "Security": { "Mode": "shared-key", "Key": "link.key" } },
          "Forwards": [ {{Forward("l", "udp", "*:9000")}}, {{Forward("a", "udp", "127.0.0.1:9001")}},
                        {{Forward("t", "tcp", "127.0.0.1:9002")}}, {{Forward("u", "udp", "127.0.0.1:9002")}} ],
          "Admin": { "Listen": "127.0.0.1:9001" } }
        """));

    [Fact]
    public void One_name_is_for_one_forward_whatever_its_protocol() => Error(
        $$"""{ "Forwards": [ {{Forward("dns", "tcp", "127.0.0.1:9000")}}, {{Forward("DNS", "udp", "127.0.0.1:9000")}} ] }""",
        "Forwards:1:Name",
        "'DNS' is also the name at Forwards:0:Name; give each forward its own (case does not tell them apart)");

    [Fact]
    public void A_forward_of_no_known_protocol_meets_nobody() => Error(
        $$"""{ "Forwards": [ {{Forward("v", "tcp", "127.0.0.1:9000")}}, {{Forward("w", "upd", "127.0.0.1:9000")}} ] }""",
        "Forwards:1:Protocol",
        "must be tcp or udp, not 'upd'");

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("127.0.0.1:9000", "127.0.0.2:9000")]
    [InlineData("[::1]:9000", "0.0.0.0:9000")]
    [InlineData("127.0.0.1:9000", "127.0.0.1:9001")]
    public void Listeners_that_do_not_meet(string proxy, string forward)
    {
        foreach (string protocol in (string[])["tcp", "udp"])
        {
            Loading.Valid(Loading.Json(
                $$"""{ "Proxy": { "Listen": "{{proxy}}" }, "Forwards": [ {{Forward("w", protocol, forward)}} ] }"""));
        }
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void A_proxy_that_is_off_takes_no_port_and_opens_no_relay(string protocol) => Loading.Valid(Loading.Json(
        $$"""{ "Proxy": { "Enabled": false, "Listen": "*:9000" }, "Forwards": [ {{Forward("w", protocol, "127.0.0.1:9000")}} ] }"""));

    [Theory]
    [InlineData("tcp", "127.0.0.1:0", true)]
    [InlineData("udp", "127.0.0.1:0", true)]
    [InlineData("tcp", "*:0", false)]
    [InlineData("udp", "*:0", false)]
    public void A_forward_beyond_loopback_ends_the_freedom_of_local_callers(string protocol, string listen, bool onlyLoopback)
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""{ "Proxy": { }, "Forwards": [ {{Forward("w", protocol, listen)}} ] }"""));
        Assert.Equal(onlyLoopback, GatewayComposition.ListenAddresses(configuration).All(System.Net.IPAddress.IsLoopback));
    }

    private static string Forward(string name, string protocol, string listen) =>
        $$"""{ "Name": "{{name}}", "Protocol": "{{protocol}}", "Listen": "{{listen}}", "Target": "a:1" }""";

    private static void Error(string json, string key, string message) => Loading.ThisError(Loading.Json(json), key, message);
}
