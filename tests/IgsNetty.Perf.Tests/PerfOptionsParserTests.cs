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

    [Theory]
    [InlineData("--target-echo", "--direct-only", "--target-echo", "[::1]:7001")]
    [InlineData("--target-echo", "--direct-only", "--target-echo", "127.0.0.1")]
    [InlineData("--with needs --compare", "--direct-only", "--with", "FILE")]
    [InlineData("--compare", "--direct-only", "--compare", "no-such-file.json")]
    [InlineData("--gateway", "--rounds", "3")]
    [InlineData("--rounds", "--direct-only", "--rounds", "0")]
    [InlineData("--duration", "--direct-only", "--duration", "1e9")]
    [InlineData("--html wants a value", "--direct-only", "--html")]
    [InlineData("--nonsense", "--direct-only", "--nonsense")]
    public void A_mistake_is_named(string named, params string[] args)
    {
        PerfException error = Assert.Throws<PerfException>(() => Parse([.. args.Select(a => a == "FILE" ? Present : a)]));
        Assert.Contains(named.Split(' ')[0], error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    private static PerfOptions Parse(params string[] args) => PerfOptionsParser.Parse(args);
}
