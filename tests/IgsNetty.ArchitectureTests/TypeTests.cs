using System.Text.RegularExpressions;
using Xunit;

namespace IgsNetty.ArchitectureTests;

/// <summary>docs/architecture.md, rule 13: small sealed units with a name that says what they do.</summary>
public sealed partial class TypeTests
{
    [Fact]
    public void There_are_types() => Assert.True(Product.Types().Count() > 100);

    [Fact]
    public void Every_class_is_sealed_abstract_or_static() =>
        Assert.Empty(Product.Types().Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false }).Select(type => type.FullName));

    [Fact]
    public void No_type_is_called_after_nothing_in_particular() =>
        Assert.DoesNotContain(Product.Types().Select(type => type.FullName!), VagueName().IsMatch);

    [Theory]
    [InlineData("IgsNetty.StringUtils", true)]
    [InlineData("IgsNetty.ByteHelper", true)]
    [InlineData("IgsNetty.ByteHelpers`1", true)]
    [InlineData("IgsNetty.Link+StreamManager", true)]
    [InlineData("IgsNetty.StreamTable", false)]
    [InlineData("IgsNetty.ManagerOfNothingIsStillAName", false)]
    public void The_pattern_means_what_it_says(string name, bool vague) => Assert.Equal(vague, VagueName().IsMatch(name));

    [GeneratedRegex("(Utils?|Utility|Utilities|Helpers?|Managers?)(`[0-9]+)?$")]
    private static partial Regex VagueName();
}
