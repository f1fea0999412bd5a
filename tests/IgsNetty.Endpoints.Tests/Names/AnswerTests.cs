using IgsNetty.Endpoints.Names;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Names;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>
/// What name servers answer, or do not. A silent question is waited for as long as the guard: a test ends only because the other
/// family's answer was enough.
/// </summary>
public sealed class AnswerTests : ResolverTest
{
    private const string Mute = "-";

    [Theory]
    [InlineData("10.1.2.3", Mute, "Found 10.1.2.3")]
    [InlineData(Mute, "2001:db8::3", "Found 2001:db8::3")]
    [InlineData("10.1.2.3", "nodata", "Found 10.1.2.3")]
    [InlineData("10.1.2.3", "nxdomain", "Found 10.1.2.3")]
    [InlineData("10.1.2.3", "servfail", "Found 10.1.2.3")]
    [InlineData("10.1.2.3", "refused", "Found 10.1.2.3")]
    [InlineData("nodata", "2001:db8::3", "Found 2001:db8::3")]
    [InlineData("servfail", "2001:db8::3", "Found 2001:db8::3")]
    [InlineData("10.1.2.3 10.1.2.4 10.1.2.3", Mute, "Found 10.1.2.3 10.1.2.4")]
    [InlineData("nxdomain", "nxdomain", "NotFound")]
    [InlineData("nodata", "nodata", "NotFound")]
    [InlineData("nodata", "nxdomain", "NotFound")]
    [InlineData("nxdomain", Mute, "NotFound")]
    [InlineData(Mute, "nxdomain", "NotFound")]
    [InlineData("servfail", "servfail", "Failed")]
    [InlineData("refused", "refused", "Failed")]
    [InlineData("servfail", "nodata", "Failed")]
    public async Task The_families_are_asked_apart(string four, string six, string result)
    {
        Server.Set("db.example", Answer(four), Answer(six));
        Assert.Equal(result, await AskAsync(Resolver(), "db.example"));
        Assert.Equal(["udp A db.example", "udp AAAA db.example"], Server.Asked.Order().Distinct());
    }

    [Fact]
    public async Task Both_families_come_together_when_both_answer_at_once()
    {
        Server.Set("db.example", DnsAnswer.Of("127.0.0.1", "127.0.0.2", "127.0.0.3"), DnsAnswer.Of("::1"));
        string[] answer = (await AskAsync(Resolver(), "db.example")).Split(' ');
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", "Found"], answer.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_family_that_answers_late_is_still_given()
    {
        TaskCompletionSource late = new();
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3"), DnsAnswer.Of("2001:db8::3") with { After = late.Task });
        NameAnswer answer = await Resolver().ResolveAsync("db.example", Caller, CancellationToken.None).WaitAsync(Guard);
        Assert.Equal("10.1.2.3", Assert.Single(answer.Addresses).ToString());
        late.SetResult();
        Assert.Equal("2001:db8::3", Assert.Single(await answer.Late!.WaitAsync(Guard)).ToString());
    }

    [Fact]
    public async Task What_is_no_longer_needed_is_not_asked_any_more()
    {
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3"), null);
        NameResolver resolver = Resolver();
        using CancellationTokenSource done = new();
        NameAnswer answer = await resolver.ResolveAsync("db.example", Caller, done.Token).WaitAsync(Guard);
        Assert.Equal(1, resolver.UnderWay);
        await done.CancelAsync();
        Assert.Empty(await answer.Late!.WaitAsync(Guard));
        Assert.Equal(0, resolver.UnderWay);
    }

    [Fact]
    public async Task A_chain_of_aliases_is_followed_to_its_end()
    {
        Server.Set(
            "www.example",
            DnsAnswer.Of("10.1.2.3", "10.1.2.4") with { Aliases = ["a.example", "b.cdn.example", "C.Far.Example"] },
            DnsAnswer.NoData with { Aliases = ["a.example", "b.cdn.example"] });
        Assert.Equal("Found 10.1.2.3 10.1.2.4", await AskAsync(Resolver(), "www.example"));
    }

    [Fact]
    public async Task A_circle_of_aliases_has_no_address()
    {
        DnsAnswer circle = DnsAnswer.NoData with { Aliases = ["a.example", "www.example"] };
        Server.Set("www.example", circle, circle);
        Assert.Equal("NotFound", await AskAsync(Resolver(), "www.example"));
    }

    [Fact]
    public async Task A_truncated_answer_is_fetched_over_TCP()
    {
        string[] many = [.. Enumerable.Range(1, 60).Select(i => $"10.0.0.{i}")];
        Server.Set("many.example", DnsAnswer.Of(many) with { IsTruncated = true }, DnsAnswer.NoData with { IsTruncated = true });
        Assert.Equal("Found " + string.Join(' ', many), await AskAsync(Resolver(), "many.example"));
        Assert.Contains("tcp A many.example", Server.Asked);
        Assert.Contains("tcp AAAA many.example", Server.Asked);
    }

    [Fact]
    public async Task A_truncated_answer_of_a_server_without_TCP_is_a_failure()
    {
        using NameServer server = new(hasStreams: false);
        server.Set("many.example", DnsAnswer.Of("10.1.2.3") with { IsTruncated = true }, DnsAnswer.NoData);
        Assert.Equal("Failed", await AskAsync(Resolver(Settings with { Servers = [server.Address] }), "many.example"));
    }

    [Fact]
    public async Task Forged_and_broken_answers_are_ignored()
    {
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3") with { HasForgeries = true }, DnsAnswer.NoData with { HasForgeries = true });
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(), "db.example"));
    }

    [Fact]
    public async Task Use_vc_asks_over_TCP_only()
    {
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3"), DnsAnswer.NoData);
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(Settings with { UseTcp = true }), "db.example"));
        Assert.All(Server.Asked, question => Assert.StartsWith("tcp ", question, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("servfail")]
    [InlineData("refused")]
    public async Task What_one_server_cannot_answer_the_next_one_does(string broken)
    {
        using NameServer second = new();
        Server.Set("db.example", Answer(broken), Answer(broken));
        second.Set("db.example", DnsAnswer.Of("10.1.2.3"), DnsAnswer.NoData);
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(Settings with { Servers = [Server.Address, second.Address] }), "db.example"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_passed_over_at_once()
    {
        using NameServer gone = new();
        gone.Dispose();
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3"), DnsAnswer.NoData);
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(Settings with { Servers = [gone.Address, Server.Address] }), "db.example"));
    }

    [Fact]
    public async Task A_silent_server_is_passed_over_after_its_timeout_and_asked_as_often_as_attempts_say()
    {
        using NameServer silent = new();
        Server.Set("db.example", DnsAnswer.Of("10.1.2.3"), DnsAnswer.NoData);
        DnsSettings settings = Settings with { Servers = [silent.Address, Server.Address], Timeout = TimeSpan.FromMilliseconds(50) };
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(settings), "db.example"));
        Assert.Equal("Failed", await AskAsync(Resolver(settings with { Servers = [silent.Address], Attempts = 3 }), "lost.example"));
        Assert.Equal(3, silent.Asked.Count(question => question == "udp A lost.example"));
    }

    [Theory]
    [InlineData("db", 1, "db.b.example", "Found 10.1.2.3")]
    [InlineData("db", 0, "db", "Found 10.1.2.3")]
    [InlineData("db.x", 2, "db.x.a.example", "Found 10.1.2.3")]
    [InlineData("db.x", 1, "db.x.b.example", "Found 10.1.2.3")]
    [InlineData("db", 1, "db", "Found 10.1.2.3")]
    [InlineData("db", 1, "other.example", "NotFound")]
    public async Task Search_domains_are_tried_in_their_turn(string host, int dots, string exists, string result)
    {
        DnsSettings settings = Settings with { Search = ["a.example", "b.example"], Dots = dots };
        foreach (string name in (string[])[host, $"{host}.a.example", $"{host}.b.example"])
        {
            Server.Set(name, DnsAnswer.NoName, DnsAnswer.NoName);
        }

        Server.Set(exists, DnsAnswer.Of("10.1.2.3"), DnsAnswer.NoData);
        Assert.Equal(result, await AskAsync(Resolver(settings), host));
        string[] order = [.. Server.Asked.Select(question => question.Split(' ')[2]).Distinct()];
        bool isPlainFirst = host.Count(c => c == '.') >= dots;
        Assert.Equal(isPlainFirst ? host : $"{host}.a.example", order[0]);
    }

    [Fact]
    public async Task A_name_that_DNS_cannot_hold_does_not_exist()
    {
        Assert.Equal("NotFound", await AskAsync(Resolver(), string.Join('.', Enumerable.Repeat("abcdefghi", 26))));
        Assert.Empty(Server.Asked);
    }

    private static DnsAnswer? Answer(string text) => text switch
    {
        Mute => null,
        "nxdomain" => DnsAnswer.NoName,
        "nodata" => DnsAnswer.NoData,
        "servfail" => DnsAnswer.Broken,
        "refused" => DnsAnswer.Refused,
        _ => DnsAnswer.Of(text.Split(' ')),
    };
}
