using IgsNetty.Perf.Contenders;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class GatewayVariantTests
{
    private static readonly string Present = typeof(GatewayVariantTests).Assembly.Location;

    [Fact]
    public void A_name_alone_is_the_gateways_as_they_are()
    {
        GatewayVariant variant = GatewayVariant.Parse("plain");
        Assert.Equal("plain", variant.Name);
        Assert.Null(variant.GatewayPath);
        Assert.Empty(variant.Arguments);
        Assert.Empty(variant.Environment);
    }

    [Fact]
    public void Settings_builds_and_variables_are_told_apart()
    {
        GatewayVariant variant = GatewayVariant.Parse($"new=Pipeline:BufferKiB=64; gateway={Present};DOTNET_TieredPGO=0;Gateway:Loops=1");
        Assert.Equal(["--Pipeline:BufferKiB=64", "--Gateway:Loops=1"], variant.Arguments);
        Assert.Equal(Present, variant.GatewayPath);
        Assert.Equal("0", Assert.Single(variant.Environment, v => v.Key == "DOTNET_TieredPGO").Value);
    }

    [Theory]
    [InlineData("bare", "bare")]
    [InlineData("direct=Gateway:Loops=1", "direct")]
    [InlineData("=Gateway:Loops=1", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("a=Gateway:Loops", "'Gateway:Loops'")]
    [InlineData("a=gateway=no-such-file", "no-such-file")]
    public void A_mistake_is_named(string text, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => GatewayVariant.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Transports_are_variants_and_no_two_have_one_name()
    {
        PerfOptions options = PerfOptionsParser.Parse(["--gateway", Present, "--transports", "sockets,epoll", "--variant", "small=Pipeline:BufferKiB=64"]);
        Assert.Equal(["sockets", "epoll", "small"], options.Variants.Select(v => v.Name));
        PerfException error = Assert.Throws<PerfException>(
            () => PerfOptionsParser.Parse(["--gateway", Present, "--variant", "a", "--variant", "a"]));
        Assert.Contains("a is the name of two variants", error.Message, StringComparison.Ordinal);
    }
}
