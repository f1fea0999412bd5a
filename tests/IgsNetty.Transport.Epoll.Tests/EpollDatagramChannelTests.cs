using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>UDP as a DotNetty channel.</summary>
public sealed class EpollDatagramChannelTests : IAsyncLifetime
{
    private readonly EpollEventLoop _loop = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)).InTime();

    [Theory, InlineData("127.0.0.1", "127.0.0.1"), InlineData("::1", "::1"), InlineData("::", "127.0.0.1")]
    public async Task It_echoes_datagrams_of_every_size(string bound, string from)
    {
        EpollDatagramChannel channel = new(IPAddress.Parse(bound).AddressFamily);
        await OpenAsync(channel, new Echo(), bound);
        using DatagramPeer peer = new(IPAddress.Parse(from));
        IPEndPoint address = new(IPAddress.Parse(from), ((IPEndPoint)channel.LocalAddress).Port);
        foreach (int size in new[] { 0, 1, 0, 2047, 2048, 2049, 9000, 65507, 1 })
        {
            byte[] sent = Bytes.Random(size, seed: size);
            peer.Send(address, sent);
            Bytes.AssertSame(sent, (await peer.ReceiveAsync()).Payload);
        }
    }

    [Fact]
    public async Task Bursts_come_whole_in_order_and_with_one_end_point_for_a_sender()
    {
        const int Bursts = 20;
        const int Burst = 200;
        Collector collector = new();
        EpollDatagramChannel channel = await BoundAsync(collector);
        using DatagramPeer peer = new();
        for (int burst = 0; burst < Bursts; burst++)
        {
            for (int i = 0; i < Burst; i++)
            {
                peer.Send((IPEndPoint)channel.LocalAddress, BitConverter.GetBytes((burst * Burst) + i));
            }

            await collector.UntilAsync((burst + 1) * Burst);
        }

        Assert.Equal(Enumerable.Range(0, Bursts * Burst), collector.Received.Select(datagram => BitConverter.ToInt32(datagram.Bytes)));
        Assert.Single(collector.Received.Select(datagram => datagram.Sender).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(peer.Local, collector.Received.First().Sender);
        Assert.True(collector.Batches > 0);
    }

    // Few sizes and two destinations in turns: what joins, what does not, and the short last one of a run.
    [Theory, InlineData(1), InlineData(1200), InlineData(1472), InlineData(8000), InlineData(40_000)]
    public async Task Runs_of_one_size_arrive_as_the_datagrams_they_were(int size)
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        using DatagramPeer first = new();
        using DatagramPeer second = new();
        int[] sizes = [.. Enumerable.Repeat(size, 100), size / 2, size, size, 0, size, size + 1, size, size - 1];
        Task[] writes = await _loop.CallAsync(() =>
        {
            Task[] all = [.. sizes.Select((bytes, i) => channel.WriteAsync(Packet(Bytes.Random(bytes, seed: i), first))),
                channel.WriteAsync(Packet([1], second)), channel.WriteAsync(Packet([2], first))];
            channel.Flush();
            return all;
        });
        await Task.WhenAll(writes).InTime();
        for (int i = 0; i < sizes.Length; i++)
        {
            Bytes.AssertSame(Bytes.Random(sizes[i], seed: i), (await first.ReceiveAsync()).Payload);
        }

        Assert.Equal([2], (await first.ReceiveAsync()).Payload);
        Assert.Equal([1], (await second.ReceiveAsync()).Payload);
    }

    // Loopback leaves joined what was sent joined.
    [Fact]
    public async Task A_socket_of_the_gateways_gets_runs_as_the_datagrams_they_were()
    {
        DatagramProbe probe = new(_loop);
        EpollDatagramSocket socket = new(new IPEndPoint(IPAddress.Loopback, 0), new LocalAddresses(), _loop, probe, NullLogger.Instance);
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        int[] sizes = [.. Enumerable.Repeat(1200, 150), 7, 0, 1200, 1200, 1199, 1200];
        _loop.Execute(() =>
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                _ = channel.WriteAsync(new DatagramPacket(Unpooled.WrappedBuffer(Bytes.Random(sizes[i], seed: i)), socket.Address));
            }

            channel.Flush();
        });
        Datagram[] received = await probe.UntilReceivedAsync(sizes.Length);
        socket.Close();
        Assert.Equal(sizes, received.Select(datagram => datagram.Payload.Length));
        Assert.All(received, (datagram, i) => Bytes.AssertSame(Bytes.Random(sizes[i], seed: i), datagram.Payload));
        Assert.All(received, datagram => Assert.Equal(UdpAddress.FromEndPoint((IPEndPoint)channel.LocalAddress), datagram.Source));
    }

    [Fact]
    public async Task Thousands_of_writes_are_sent_or_told_in_their_order()
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        channel.Configuration.SetOption(ChannelOption.SoSndbuf, 4096); // full again and again
        using DatagramPeer peer = new();
        for (int round = 0; round < 30; round++)
        {
            Task[] writes = await _loop.CallAsync(() =>
            {
                Task[] all = [.. Enumerable.Range(0, 200).Select(i => channel.WriteAsync(Packet(BitConverter.GetBytes(i * 7), peer)))];
                channel.Flush();
                return all;
            });
            await Task.WhenAll(writes).InTime();
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(i * 7, BitConverter.ToInt32((await peer.ReceiveAsync()).Payload));
            }
        }
    }

    [Fact]
    public async Task A_connected_one_writes_plain_buffers_and_lives_on_when_it_is_refused()
    {
        Collector collector = new();
        EpollDatagramChannel channel = new(AddressFamily.InterNetwork);
        await OpenAsync(channel, collector, null);
        IPEndPoint target;
        using (DatagramPeer gone = new())
        {
            target = gone.Local;
        }

        await channel.ConnectAsync(target).InTime();
        Assert.True(channel.Active);
        Assert.True(channel.IsConnected());
        await channel.WriteAndFlushAsync(Unpooled.WrappedBuffer([1, 2, 3])).InTime();
        SocketException error = Assert.IsType<SocketException>(await collector.Failure.Task.InTime());
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        using Socket late = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        late.Bind(target);
        await channel.WriteAndFlushAsync(Unpooled.WrappedBuffer([4, 5])).InTime();
        byte[] got = new byte[10];
        Assert.Equal(2, await late.ReceiveAsync(got.AsMemory()).AsTask().InTime());
        await late.SendToAsync(new byte[] { 6 }, channel.LocalAddress);
        await collector.UntilAsync(1);
        Assert.True(channel.Active);
    }

    [Fact]
    public async Task A_write_that_cannot_be_sent_fails_and_those_around_it_are_sent()
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        using DatagramPeer peer = new();
        Task[] writes = await _loop.CallAsync(() =>
        {
            Task[] all =
            [
                channel.WriteAsync(Packet([1], peer)),
                channel.WriteAsync(Packet(new byte[65508], peer)),
                channel.WriteAsync(new DatagramPacket(Unpooled.WrappedBuffer([1]), new IPEndPoint(IPAddress.Loopback, 0))),
                channel.WriteAsync(new DatagramPacket(Unpooled.WrappedBuffer([1]), new IPEndPoint(IPAddress.IPv6Loopback, 9))),
                channel.WriteAsync(Unpooled.WrappedBuffer([1])),
                channel.WriteAsync(Packet([2], peer)),
            ];
            channel.Flush();
            return all;
        });
        await Task.WhenAll(writes[0], writes[5]).InTime();
        foreach (Task write in writes[1..5])
        {
            await Assert.ThrowsAnyAsync<Exception>(() => write.InTime());
        }

        Assert.Equal([1], (await peer.ReceiveAsync()).Payload);
        Assert.Equal([2], (await peer.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task With_reading_off_each_read_takes_one_datagram()
    {
        Collector collector = new();
        EpollDatagramChannel channel = await BoundAsync(collector, autoRead: false);
        using DatagramPeer peer = new();
        for (byte i = 0; i < 5; i++)
        {
            peer.Send((IPEndPoint)channel.LocalAddress, [i]);
        }

        for (int i = 1; i <= 3; i++)
        {
            channel.Read();
            await collector.UntilAsync(i);
            await _loop.CallAsync(() => { });
            Assert.Equal(i, collector.Received.Count);
        }

        channel.Configuration.AutoRead = true;
        await collector.UntilAsync(5);
        Assert.Equal([0, 1, 2, 3, 4], collector.Received.Select(datagram => (int)datagram.Bytes[0]));
    }

    [Fact]
    public async Task A_close_frees_the_port_and_fails_what_comes_after()
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        IPEndPoint address = (IPEndPoint)channel.LocalAddress;
        await channel.CloseAsync().InTime();
        Assert.False(channel.Open);
        Assert.False(channel.Active);
        using Socket next = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(address);
        await Assert.ThrowsAsync<ClosedChannelException>(
            () => channel.WriteAndFlushAsync(new DatagramPacket(Unpooled.WrappedBuffer([1]), address)).InTime());
    }

    [Fact]
    public async Task Options_are_those_of_the_socket()
    {
        EpollDatagramChannel first = new(AddressFamily.InterNetwork);
        IChannelConfiguration options = first.Configuration;
        Assert.True(options.SetOption(ChannelOption.SoBroadcast, true));
        Assert.True(options.SetOption(ChannelOption.SoRcvbuf, 32 * 1024));
        Assert.True(options.SetOption(ChannelOption.SoSndbuf, 16 * 1024));
        Assert.True(options.SetOption(ChannelOption.SoReuseport, true));
        Assert.True(options.SetOption(ChannelOption.SoReuseaddr, true));
        Assert.True(options.GetOption(ChannelOption.SoBroadcast));
        Assert.Equal(64 * 1024, options.GetOption(ChannelOption.SoRcvbuf));
        Assert.Equal(32 * 1024, options.GetOption(ChannelOption.SoSndbuf));
        Assert.True(options.GetOption(ChannelOption.SoReuseaddr));
        Assert.True(options.GetOption(ChannelOption.SoReuseport));
        await OpenAsync(first, new Collector(), "127.0.0.1");
        EpollDatagramChannel second = new(AddressFamily.InterNetwork);
        second.Configuration.SetOption(ChannelOption.SoReuseport, true);
        await _loop.RegisterAsync(second).InTime();
        await second.BindAsync(first.LocalAddress).InTime();
        Assert.Equal(first.LocalAddress, second.LocalAddress);
        await Assert.ThrowsAsync<NotSupportedException>(() => second.JoinGroup(new IPEndPoint(IPAddress.Parse("239.0.0.1"), 9)));
    }

    private static DatagramPacket Packet(byte[] payload, DatagramPeer to) => new(Unpooled.WrappedBuffer(payload), to.Local);

    private async Task<EpollDatagramChannel> BoundAsync(IChannelHandler handler, bool autoRead = true)
    {
        EpollDatagramChannel channel = new(AddressFamily.InterNetwork);
        channel.Configuration.AutoRead = autoRead;
        await OpenAsync(channel, handler, "127.0.0.1");
        return channel;
    }

    private async Task OpenAsync(EpollDatagramChannel channel, IChannelHandler handler, string? address)
    {
        channel.Pipeline.AddLast(handler);
        await _loop.RegisterAsync(channel).InTime();
        if (address is not null)
        {
            await channel.BindAsync(new IPEndPoint(IPAddress.Parse(address), 0)).InTime();
        }
    }

    private sealed class Echo : ChannelHandlerAdapter
    {
        public override void ChannelRead(IChannelHandlerContext context, object message)
        {
            DatagramPacket packet = (DatagramPacket)message;
            context.WriteAsync(new DatagramPacket(packet.Content, packet.Sender));
        }

        public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();
    }

    private sealed class Collector : ChannelHandlerAdapter
    {
        public ConcurrentQueue<(EndPoint Sender, byte[] Bytes)> Received { get; } = [];

        public TaskCompletionSource<Exception> Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Batches { get; private set; }

        public Task UntilAsync(int count) => Waiting.UntilAsync(() => Received.Count >= count, $"{count} datagrams");

        public override void ChannelRead(IChannelHandlerContext context, object message)
        {
            DatagramPacket packet = (DatagramPacket)message;
            byte[] bytes = new byte[packet.Content.ReadableBytes];
            packet.Content.ReadBytes(bytes);
            packet.Release();
            Received.Enqueue((packet.Sender, bytes));
        }

        public override void ChannelReadComplete(IChannelHandlerContext context) => Batches++;

        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Failure.TrySetResult(exception);
    }
}
