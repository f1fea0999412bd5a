using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Values;

/// <summary>docs/protocol.md §4.</summary>
public sealed class StreamIdTests
{
    [Theory]
    [InlineData(1u, true)]
    [InlineData(2u, false)]
    [InlineData(3u, true)]
    [InlineData(StreamId.MaxValue, true)]
    [InlineData(StreamId.MaxValue - 1, false)]
    public void Odd_IDs_are_the_diallers(uint id, bool byDialler)
    {
        Assert.Equal(byDialler, StreamId.OpenedBy(id, dialler: true));
        Assert.Equal(!byDialler, StreamId.OpenedBy(id, dialler: false));
    }

    [Fact]
    public void First_IDs()
    {
        Assert.Equal(1u, StreamId.First(dialled: true));
        Assert.Equal(2u, StreamId.First(dialled: false));
        Assert.Equal(0x7FFF_FFFFu, StreamId.MaxValue);
    }
}
