using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class MemoryDefaultTests
{
    [Theory]
    [InlineData(12, 4)]
    [InlineData(96, 16)]
    [InlineData(384, 64)]
    [InlineData(3071, 511)]
    [InlineData(3072, 512)]
    [InlineData(1_000_000, 512)]
    public void The_default_is_a_sixth_of_what_may_be_used_and_512_at_most(int available, int expected) =>
        Assert.Equal(expected, MemoryDefault.For(available));

    [Fact]
    public void It_is_taken_unless_another_is_set()
    {
        Assert.Equal(MemoryDefault.For(MemoryDefault.AvailableMiB), Loading.Valid(Loading.NoFile()).Limits.MemoryMiB);
        Assert.Equal(20, Loading.Valid(Loading.NoFile("--Limits:MemoryMiB=20")).Limits.MemoryMiB);
    }

    [Fact]
    public void More_than_half_of_what_may_be_used_is_warned_of()
    {
        int half = MemoryDefault.AvailableMiB / 2;

        Assert.Empty(Loading.Valid(Loading.NoFile($"--Limits:MemoryMiB={half}")).Warnings);
        Assert.Contains(
            $"Limits:MemoryMiB: {half + 1} is more than half of the {MemoryDefault.AvailableMiB} MiB",
            Assert.Single(Loading.Valid(Loading.NoFile($"--Limits:MemoryMiB={half + 1}")).Warnings),
            StringComparison.Ordinal);
    }
}
