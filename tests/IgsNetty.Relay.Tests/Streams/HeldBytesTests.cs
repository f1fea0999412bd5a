using DotNetty.Buffers;
using IgsNetty.Relay.Streams;
using IgsNetty.TestKit.Buffers;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

public sealed class HeldBytesTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1023, false)]
    [InlineData(1024, true)]
    [InlineData(4096, true)]
    public void Less_than_a_quarter_is_copied_so_that_the_rest_is_not_kept(int count, bool shares)
    {
        LeakCheck buffers = new();
        byte[] bytes = RandomBytes.Make(1, 4096);
        IByteBuffer source = buffers.Holding(bytes, headroom: 0);
        int index = 4096 - count;
        IByteBuffer held = HeldBytes.Take(source, index, count);
        Assert.Equal(0, source.ReaderIndex);
        source.Release();
        Assert.Equal(shares, source.ReferenceCount > 0);
        Assert.Equal(bytes[index..], held.Array.AsSpan(held.ArrayOffset + held.ReaderIndex, held.ReadableBytes).ToArray());
        Assert.InRange(buffers.BytesInUse, count, 4 * count);
        held.Release();
        buffers.AssertNoLeaks();
    }
}
