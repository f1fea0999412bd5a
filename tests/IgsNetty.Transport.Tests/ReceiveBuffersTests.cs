using System.Numerics;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using Xunit;

namespace IgsNetty.Transport.Tests;

/// <summary>The sizes alone, without a socket.</summary>
public sealed class ReceiveBuffersTests
{
    private const int Headroom = 8;
    private const int Smallest = 2048;

    [Fact]
    public void A_buffer_starts_behind_its_headroom_and_is_a_power_of_two()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        IByteBuffer buffer = reader.Handle.Allocate(UnpooledByteBufferAllocator.Default);
        Assert.Equal(Headroom, buffer.ReaderIndex);
        Assert.Equal(Headroom, buffer.WriterIndex);
        Assert.True(BitOperations.IsPow2(buffer.Capacity));
        Assert.Equal(buffer.Capacity, buffer.MaxCapacity);
        Assert.Equal(buffer.WritableBytes, reader.Handle.AttemptedBytesRead);
        Assert.Equal(buffer.WritableBytes, reader.Handle.Guess());
        buffer.Release();
    }

    [Fact]
    public void Where_there_is_no_memory_for_a_large_buffer_the_smallest_is_taken()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        IByteBuffer buffer = reader.Handle.Allocate(new NothingAbove(Smallest));
        Assert.Equal(Smallest, buffer.Capacity);
        Assert.Equal(Headroom, buffer.WriterIndex);
        Assert.Equal(buffer.WritableBytes, reader.Handle.AttemptedBytesRead);
        buffer.Release();

        Assert.ThrowsAny<OutOfMemoryException>(() => reader.Handle.Allocate(new NothingAbove(0)));
    }

    [Fact]
    public void Full_reads_let_buffers_grow_up_to_the_limit()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        int[] sizes = [.. Enumerable.Range(0, 8).Select(_ => reader.ReadFull())];
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes[0] < 64 * 1024);
        Assert.Equal(64 * 1024, sizes[^1]);
    }

    [Fact]
    public void Small_reads_let_buffers_shrink_to_the_smallest_and_not_at_once()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        while (reader.ReadFull() < 64 * 1024)
        {
        }

        Assert.Equal(64 * 1024, reader.Read(100));
        Assert.Equal(64 * 1024, reader.Read(100));
        int[] sizes = [.. Enumerable.Range(0, 20).Select(_ => reader.Read(100))];
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.Equal(Smallest, sizes[^1]);
    }

    [Fact]
    public void Reads_that_fill_a_good_part_keep_the_size()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        int size = reader.Read(2000);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(size, reader.Read(size / 2)));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(512 * 1024)]
    public void No_buffer_is_larger_than_the_limit(int limit)
    {
        Reader reader = new(new ReceiveBuffers(Headroom, limit));
        int[] sizes = [.. Enumerable.Range(0, 12).Select(_ => reader.ReadFull())];
        Assert.Equal(limit, sizes.Max());
    }

    [Fact]
    public void Under_pressure_buffers_are_the_smallest()
    {
        bool isShort = false;
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024, underPressure: () => isShort));
        reader.ReadFull();
        reader.ReadFull();
        isShort = true;
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(Smallest, reader.ReadFull()));
        isShort = false;
        Assert.Contains(64 * 1024, Enumerable.Range(0, 5).Select(_ => reader.ReadFull()));
    }

    [Fact]
    public void A_batch_ends_with_a_read_that_does_not_fill_its_buffer()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        reader.ReadFull();
        Assert.True(reader.Handle.ContinueReading());
        reader.Read(10);
        Assert.False(reader.Handle.ContinueReading());
    }

    [Fact]
    public void A_batch_ends_where_reading_is_turned_off()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        reader.ReadFull();
        reader.Configuration.AutoRead = false;
        Assert.False(reader.Handle.ContinueReading());
    }

    [Fact]
    public void A_batch_ends_at_its_bound_and_the_next_one_may_read_again()
    {
        Reader reader = new(new ReceiveBuffers(Headroom, 64 * 1024));
        for (int batch = 0; batch < 3; batch++)
        {
            reader.Handle.Reset(reader.Configuration);
            int total = 0;
            do
            {
                total += reader.ReadFull() - Headroom;
            }
            while (reader.Handle.ContinueReading());
            Assert.InRange(total, 256 * 1024, (256 + 64) * 1024);
        }
    }

    [Fact]
    public void Channels_do_not_share_a_size()
    {
        ReceiveBuffers buffers = new(Headroom, 64 * 1024);
        Reader busy = new(buffers);
        Reader idle = new(buffers);
        int first = idle.Read(1);
        busy.ReadFull();
        busy.ReadFull();
        Assert.Equal(first, idle.Read(1));
    }

    /// <summary>Reads as a channel does.</summary>
    private sealed class Reader
    {
        public Reader(ReceiveBuffers buffers)
        {
            Handle = buffers.NewHandle();
            Handle.Reset(Configuration);
        }

        public IChannelConfiguration Configuration { get; } = new EmbeddedChannel().Configuration;

        public IRecvByteBufAllocatorHandle Handle { get; }

        /// <returns>The buffer's size.</returns>
        public int ReadFull() => Read(int.MaxValue);

        public int Read(int bytes)
        {
            IByteBuffer buffer = Handle.Allocate(UnpooledByteBufferAllocator.Default);
            int capacity = buffer.Capacity;
            Handle.LastBytesRead = Math.Min(bytes, buffer.WritableBytes);
            buffer.Release();
            return capacity;
        }
    }

    private sealed class NothingAbove(int capacity) : AbstractByteBufferAllocator(preferDirect: false)
    {
        public override bool IsDirectBufferPooled => false;

        protected override IByteBuffer NewHeapBuffer(int initialCapacity, int maxCapacity) => New(initialCapacity, maxCapacity);

        protected override IByteBuffer NewDirectBuffer(int initialCapacity, int maxCapacity) => New(initialCapacity, maxCapacity);

        private IByteBuffer New(int initialCapacity, int maxCapacity) => initialCapacity > capacity
            ? throw new InsufficientMemoryException()
            : UnpooledByteBufferAllocator.Default.Buffer(initialCapacity, maxCapacity);
    }
}
