using Xunit;

namespace IgsNetty.Fuzz.Tests;

/// <summary>What fuzzing has found once, and that what it finds can be seen again.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("configuration", "7b20224a72787f60223a207b207d207d")] // a key with a control character: it stood in the message as it was
    [InlineData("igsopt", "1b5b324a206f6e0a")]
    public void Was_found_and_is_fixed(string target, string hex) => FuzzTargets.Named(target)!.Try(Convert.FromHexString(hex));

    [Fact]
    public void A_finding_tells_how_to_see_it_again()
    {
        string? finding = new RandomRun(new Picky(), 1).Until(() => false);
        Assert.NotNull(finding);
        Assert.Contains("picky, seed 1, input ", finding, StringComparison.Ordinal);
        Assert.Contains("it is long", finding, StringComparison.Ordinal);
        string hex = finding[(finding.LastIndexOf(' ') + 1)..];
        Assert.Throws<FuzzException>(() => new Picky().Try(Convert.FromHexString(hex)));
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        Recorder first = new();
        Recorder second = new();
        int left = 500;
        Assert.Null(new RandomRun(first, 7).Until(() => left-- == 0));
        left = 500;
        Assert.Null(new RandomRun(second, 7).Until(() => left-- == 0));
        Assert.Equal(first.Inputs, second.Inputs);
        Assert.True(first.Inputs.Distinct().Count() > 400);
    }

    private sealed class Picky : IFuzzTarget
    {
        public string Name => "picky";

        public int MostBytes => 100;

        public IEnumerable<byte[]> Seeds => [[1, 2, 3]];

        public void Run(ReadOnlySpan<byte> input) => FuzzException.Unless(input.Length < 50, "it is long");
    }

    private sealed class Recorder : IFuzzTarget
    {
        public List<string> Inputs { get; } = [];

        public string Name => "recorder";

        public int MostBytes => 1000;

        public IEnumerable<byte[]> Seeds => [[1, 2, 3], [4, 5, 6, 7]];

        public void Run(ReadOnlySpan<byte> input) => Inputs.Add(Convert.ToHexString(input));
    }
}
