using IgsNetty.Perf.FarLink;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class PerfOptionsParserTests
{
    private static readonly string Present = typeof(PerfOptionsParserTests).Assembly.Location;

    [Fact]
    public void Report_options()
    {
        PerfOptions options = Parse("--direct-only", "--html", "a.html", "--json=b.json", "--compare", Present);
        Assert.Equal(Path.GetFullPath("a.html"), options.HtmlFile);
        Assert.Equal(Path.GetFullPath("b.json"), options.JsonFile);
        Assert.Equal(Present, options.CompareFile);
        Assert.False(options.NoHtml);
    }

    [Fact]
    public void The_last_of_html_and_no_html_counts()
    {
        Assert.True(Parse("--direct-only", "--html", "a.html", "--no-html").NoHtml);
        Assert.False(Parse("--direct-only", "--no-html", "--html", "a.html").NoHtml);
    }

    [Fact]
    public void Two_files_need_no_gateway() => Assert.Equal(Present, Parse("--compare", Present, "--with", Present).WithFile);

    [Fact]
    public void Other_machines_are_named_on_purpose()
    {
        string[] addresses = ["--target-echo", "10.0.0.9:7001", "--forward-echo", "10.0.0.1:7101"];
        Assert.Contains("--remote", Assert.Throws<PerfException>(() => Parse(addresses)).Message, StringComparison.Ordinal);
        Assert.Equal("10.0.0.1:7101", Parse(["--remote", .. addresses]).ForwardAddresses["echo"].ToString());
    }

    [Fact]
    public void Tls_brings_what_it_is_compared_with()
    {
        Assert.Equal(["bare", "haproxy-tls"], Parse("--gateway", Present, "--tls").Against);
        Assert.Equal(["direct", "haproxy-tls"], Parse("--gateway", Present, "--tls", "--against", "direct,haproxy-tls").Against);
        Assert.DoesNotContain("haproxy-tls", Parse("--gateway", Present, "--against", "all").Against);
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        PerfOptions options = Parse("--gateway", Present);
        Assert.Equal((1.25, 3, 64, 0), (options.DurationSeconds, options.Rounds, options.MessageSize, options.Connections));
        Assert.Empty(options.Scenarios);
        Assert.Empty(options.Streams);
        Assert.Null(options.Rate);
        Assert.True(options.StartsGateways);
        Assert.True(options.IsAgainst("bare"));
        Assert.False(options.IsAgainst("haproxy"));
        Assert.Equal(new FarPath(TimeSpan.FromMilliseconds(60), 1e9, 0), options.Far);
    }

    [Fact]
    public void Options_of_the_load()
    {
        PerfOptions options = Parse(
            "--direct-only", "--scenario", "bulk", "--scenario=udp", "--duration", "0.5", "--rounds=5", "--streams", "1, 4,4", "--rate", "500",
            "--size", "100", "--far", "20ms,10mbit,1%");
        Assert.Equal(["bulk", "udp"], options.Scenarios);
        Assert.Equal((0.5, 5, 100), (options.DurationSeconds, options.Rounds, options.MessageSize));
        Assert.Equal([1, 4], options.Streams);
        Assert.Equal(500, options.Rate);
        Assert.Equal(new FarPath(TimeSpan.FromMilliseconds(20), 1e7, 0.01), options.Far);
        Assert.False(options.StartsGateways);
    }

    [Fact]
    public void Against_all_is_every_peer_and_direct_only_is_against_nobody()
    {
        PerfOptions all = Parse("--gateway", Present, "--against", "all");
        Assert.All(["direct", "bare", "haproxy", "nginx", "ssh", "socat", "v2ray", "dante"], name => Assert.True(all.IsAgainst(name)));
        Assert.Equal(["nginx", "bare"], Parse("--gateway", Present, "--against", "nginx, bare,nginx").Against);
        Assert.False(Parse("--direct-only", "--against", "all").IsAgainst("bare"));
    }

    [Fact]
    public void A_socks_server_needs_no_target_at_a_known_address() =>
        Assert.Equal("127.0.0.1:1080", Parse("--scenario", "socks", "--forward-socks", "127.0.0.1:1080").ForwardAddresses["socks"].ToString());

    [Theory]
    [InlineData("bulk, ping-pong", "--direct-only", "--scenario", "no-such")]
    [InlineData("0.2 to 86400", "--direct-only", "--duration", "0.1")]
    [InlineData("0.2 to 86400", "--direct-only", "--duration", "-1")]
    [InlineData("0.2 to 86400", "--direct-only", "--duration", "2s")]
    [InlineData("1 to 100", "--direct-only", "--rounds", "101")]
    [InlineData("1 to 60000", "--direct-only", "--streams", "1,,2")]
    [InlineData("1 to 60000", "--direct-only", "--streams", "60001")]
    [InlineData("1 to 65536", "--direct-only", "--size", "0")]
    [InlineData("1 to 10000000", "--direct-only", "--rate", "1e3")]
    [InlineData("60ms,1gbit,0%", "--direct-only", "--far", "fast")]
    [InlineData("0 to 64", "--gateway", "FILE", "--connections", "65")]
    [InlineData("sockets, epoll", "--gateway", "FILE", "--transports", "auto")]
    [InlineData("haproxy, nginx", "--gateway", "FILE", "--against", "nginx,envoy")]
    [InlineData("--direct-only", "--direct-only", "--transports", "epoll")]
    [InlineData("needs --target-echo", "--forward-echo", "127.0.0.1:7101")]
    [InlineData("echo, bulk", "--forward-nobody", "127.0.0.1:7101")]
    [InlineData("echo, bulk", "--target-socks", "127.0.0.1:7101")]
    [InlineData("such as 127.0.0.1:7001", "--target-echo", "127.0.0.1:0")]
    [InlineData("--scenario wants a value", "--scenario=")]
    public void A_mistake_says_what_would_be_right(string right, params string[] args)
    {
        PerfException error = Assert.Throws<PerfException>(() => Parse([.. args.Select(a => a == "FILE" ? Present : a)]));
        Assert.Contains(right, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Theory]
    [InlineData("--target-echo", "--direct-only", "--target-echo", "[::1]:7001")]
    [InlineData("--target-echo", "--direct-only", "--target-echo", "127.0.0.1")]
    [InlineData("--with needs --compare", "--direct-only", "--with", "FILE")]
    [InlineData("--compare", "--direct-only", "--compare", "no-such-file.json")]
    [InlineData("--gateway", "--rounds", "3")]
    [InlineData("--rounds", "--direct-only", "--rounds", "0")]
    [InlineData("--duration", "--direct-only", "--duration", "1e9")]
    [InlineData("--html wants a value", "--direct-only", "--html")]
    [InlineData("--tls", "--direct-only", "--tls")]
    [InlineData("--tls", "--gateway", "FILE", "--against", "haproxy-tls")]
    [InlineData("--nonsense", "--direct-only", "--nonsense")]
    public void A_mistake_is_named(string named, params string[] args)
    {
        PerfException error = Assert.Throws<PerfException>(() => Parse([.. args.Select(a => a == "FILE" ? Present : a)]));
        Assert.Contains(named.Split(' ')[0], error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    private static PerfOptions Parse(params string[] args) => PerfOptionsParser.Parse(args);
}
