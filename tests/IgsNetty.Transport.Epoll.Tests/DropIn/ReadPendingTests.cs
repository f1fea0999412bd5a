using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Xunit;
using IgsNetty.Transport.Tests.Harness;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>A <c>Read</c> asks for one batch: the next batch needs a <c>Read</c> of its own.</summary>
public sealed class ReadPendingTests : DropInTests
{
    private const int ReadsPerBatch = 2;

    [Fact]
    public async Task One_Read_within_a_batch_brings_exactly_one_batch_more()
    {
        ReadCounter atServer = Counter();
        ReadCounter atClient = Counter();
        Pair pair = await PairAsync(
            atServer,
            atClient,
            (server, client) =>
            {
                server.ChildOption(ChannelOption.AutoRead, false)
                    .ChildOption(ChannelOption.RcvbufAllocator, new CountedReads(ReadsPerBatch));
                client.Option(ChannelOption.AutoRead, false).Option(ChannelOption.RcvbufAllocator, new CountedReads(ReadsPerBatch));
            });
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[3 * ReadsPerBatch])).InTime();
        await pair.Accepted.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[3 * ReadsPerBatch])).InTime();
        await AssertTwoBatchesAsync(pair.Accepted, atServer);
        await AssertTwoBatchesAsync(pair.Client, atClient);

        static ReadCounter Counter() => new((context, read) =>
        {
            if (read == 1)
            {
                context.Read();
            }
        });
    }

    private static async Task AssertTwoBatchesAsync(IChannel channel, ReadCounter counter)
    {
        await SettleAsync(channel);
        Assert.Equal(0, counter.Reads);
        channel.Read();
        await counter.UntilBatchesAsync(2);
        await SettleAsync(channel);
        Assert.Equal((2 * ReadsPerBatch, 2), (counter.Reads, counter.Batches));
    }
}
