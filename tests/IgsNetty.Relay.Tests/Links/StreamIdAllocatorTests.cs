using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §4, this side's IDs.</summary>
public sealed class StreamIdAllocatorTests
{
    [Theory]
    [InlineData(true, new[] { 1u, 3u, 5u, 7u })]
    [InlineData(false, new[] { 2u, 4u, 6u, 8u })]
    public void Upwards_from_the_first_of_its_parity(bool dialled, uint[] expected)
    {
        StreamIdAllocator ids = new(dialled);
        Assert.All(expected, id =>
        {
            Assert.False(ids.HasGiven(id));
            Assert.True(ids.TryNext(out uint next));
            Assert.Equal(id, next);
            Assert.True(ids.HasGiven(id));
            Assert.False(ids.HasGiven(id + 1));
            Assert.False(ids.HasGiven(id + 2));
        });
    }

    [Theory]
    [InlineData(true, StreamId.MaxValue)]
    [InlineData(false, StreamId.MaxValue - 1)]
    public void They_run_out_and_stay_run_out(bool dialled, uint last)
    {
        StreamIdAllocator ids = new(dialled, last);
        Assert.True(ids.TryNext(out uint id));
        Assert.Equal(last, id);
        for (int i = 0; i < 3; i++)
        {
            Assert.False(ids.TryNext(out _));
        }

        Assert.True(ids.HasGiven(last));
        Assert.True(ids.HasGiven(StreamId.First(dialled)));
        Assert.False(ids.HasGiven(StreamId.First(!dialled)));
    }
}
