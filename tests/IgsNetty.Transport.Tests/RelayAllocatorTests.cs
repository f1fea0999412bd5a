using DotNetty.Buffers;
using Xunit;

namespace IgsNetty.Transport.Tests;

public sealed class RelayAllocatorTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    [InlineData(5 << 20)]
    public void Its_buffers_have_an_array_behind_them(int bytes)
    {
        IByteBuffer buffer = RelayAllocator.Create(2).Buffer(bytes, bytes);
        Assert.True(buffer.HasArray);
        Assert.Equal(bytes, buffer.Capacity);
        buffer.Release();
    }

    [Fact]
    public void A_chunk_is_four_MiB() => Assert.Equal(4 << 20, RelayAllocator.Create(1).Metric.ChunkSize);
}
