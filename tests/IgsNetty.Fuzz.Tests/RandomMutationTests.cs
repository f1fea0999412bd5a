using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.Fuzz.Tests;

/// <summary>
/// The fuzz targets with random mutations, for a few seconds each. The seed is another one in every run, and stands in the
/// output; <c>IGSNETTY_FUZZ_SEED</c> sets it. What is found comes with the input in hex.
/// </summary>
public sealed class RandomMutationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("IGSNETTY_TEST_FULL") == "1" ? 60 : 2);

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Nothing_is_found(string name)
    {
        int seed = Environment.GetEnvironmentVariable("IGSNETTY_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"{name}: seed {seed}");
        IFuzzTarget target = FuzzTargets.Named(name)!;
        RandomRun run = new(target, seed);
        Stopwatch clock = Stopwatch.StartNew();
        string? finding = run.Until(() => clock.Elapsed >= Time);
        output.WriteLine($"{run.Inputs} inputs in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(finding is null, finding);
        Assert.True(run.Inputs >= target.Seeds.Count());
    }
}
