using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>AutoRead off: each <c>Read</c> brings one read, wherever it is called.</summary>
public sealed class AutoReadTests : DropInTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Switched_off_in_a_read_each_Read_brings_one_more(bool isCalledInHandler)
    {
        ReadCounter atServer = Counter();
        ReadCounter atClient = Counter();
        Pair pair = await PairAsync(
            atServer,
            atClient,
            (server, client) =>
            {
                server.ChildOption(ChannelOption.RcvbufAllocator, new CountedReads());
                client.Option(ChannelOption.RcvbufAllocator, new CountedReads());
            });

        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[3])).InTime();
        await AssertReadsAsync(atServer, pair.Accepted);
        await pair.Accepted.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[3])).InTime();
        await AssertReadsAsync(atClient, pair.Client);

        ReadCounter Counter() => new((context, read) =>
        {
            if (read == 1)
            {
                context.Channel.Configuration.AutoRead = false;
            }

            if (isCalledInHandler)
            {
                context.Read();
            }
        });

        async Task AssertReadsAsync(ReadCounter counter, IChannel channel)
        {
            if (!isCalledInHandler)
            {
                for (int reads = 1; reads < 3; reads++)
                {
                    await counter.UntilBatchesAsync(reads);
                    await SettleAsync(channel);
                    Assert.Equal((reads, reads), (counter.Reads, counter.Batches));
                    channel.Read();
                }
            }

            await counter.UntilBatchesAsync(3);
            await SettleAsync(channel);
            Assert.Equal((3, 3), (counter.Reads, counter.Batches));
        }
    }

    [Fact]
    public async Task A_Read_that_found_nothing_waits_for_what_comes()
    {
        ReadCounter atServer = new((context, _) => context.Read());
        Pair pair = await PairAsync(atServer, null, (server, _) => server.ChildOption(ChannelOption.AutoRead, false));
        pair.Accepted.Read();
        for (int i = 1; i <= 3; i++)
        {
            await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[1])).InTime();
            await atServer.UntilBatchesAsync(i);
            await SettleAsync(pair.Accepted); // the Read of the handler has found nothing by now
            Assert.Equal(i, atServer.Reads);
        }
    }

    // Reads that do not switch AutoRead off: the limit of DotNetty's own allocator ends a batch, so that one peer does not keep the loop.
    [Fact]
    public async Task A_batch_ends_after_as_many_reads_as_the_allocator_says()
    {
        FixedRecvByteBufAllocator allocator = new(8);
        ReadCounter atServer = new();
        Pair pair = await PairAsync(
            atServer,
            null,
            (server, _) =>
            {
                server.ChildOption(ChannelOption.RcvbufAllocator, allocator);
                server.ChildOption(ChannelOption.AutoRead, false);
            });
        allocator.MaxMessagesPerRead = 4;
        await pair.Client.WriteAndFlushAsync(Unpooled.WrappedBuffer(new byte[8 * 4 * 3])).InTime();
        pair.Accepted.Configuration.AutoRead = true;
        await Waiting.UntilAsync(() => atServer.Reads == 4 * 3, "all reads");
        await SettleAsync(pair.Accepted);
        Assert.Equal(3, atServer.Batches);
    }

    [Fact]
    public async Task A_listener_accepts_one_caller_per_Read()
    {
        int accepted = 0;
        IChannel listener = await BindAsync(Server(_ => Interlocked.Increment(ref accepted)).Option(ChannelOption.AutoRead, false));
        for (int i = 1; i <= 3; i++)
        {
            // The second finds the queue of callers empty, and waits for the next one.
            listener.Read();
            await SettleAsync(listener);
            Assert.Equal(i - 1, Volatile.Read(ref accepted));
            await ConnectAsync(Client(_ => { }), listener);
            await Waiting.UntilAsync(() => Volatile.Read(ref accepted) == i, $"caller {i}");
        }

        await ConnectAsync(Client(_ => { }), listener);
        await SettleAsync(listener);
        Assert.Equal(3, Volatile.Read(ref accepted));
        listener.Configuration.AutoRead = true;
        await Waiting.UntilAsync(() => Volatile.Read(ref accepted) == 4, "the caller that waited");
    }

    [Fact]
    public async Task A_datagram_channel_reads_one_datagram_per_Read_also_from_within_a_read()
    {
        ReadCounter counter = new((context, read) =>
        {
            if (read is 1 or 2)
            {
                context.Read();
            }
        });
        EpollDatagramChannel channel = new(AddressFamily.InterNetwork);
        channel.Configuration.AutoRead = false;
        channel.Pipeline.AddLast(counter);
        await Group.RegisterAsync(Keep(channel)).InTime();
        await channel.BindAsync(AnyLoopbackPort).InTime();
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < 5; i++)
        {
            sender.SendTo(new byte[4], channel.LocalAddress);
        }

        channel.Read();
        await counter.UntilBatchesAsync(3);
        await SettleAsync(channel);
        Assert.Equal((3, 3), (counter.Reads, counter.Batches));
    }
}
