using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Writing of UDP as a DotNetty channel: many datagrams with one call.</summary>
public sealed class EpollDatagramChannelWriteTests : DatagramChannelTests
{
    [Theory, InlineData(1), InlineData(1200), InlineData(1472), InlineData(8000), InlineData(40_000)]
    public async Task Runs_of_one_size_arrive_as_the_datagrams_they_were(int size)
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        using DatagramPeer first = new();
        using DatagramPeer second = new();
        int[] sizes = [.. Enumerable.Repeat(size, 100), size / 2, size, size, 0, size, size + 1, size, size - 1];
        Task[] writes = await Loop.CallAsync(() =>
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
        DatagramProbe probe = new(Loop);
        EpollDatagramSocket socket = new(new IPEndPoint(IPAddress.Loopback, 0), new LocalAddresses(), Loop, probe, NullLogger.Instance);
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        int[] sizes = [.. Enumerable.Repeat(1200, 150), 7, 0, 1200, 1200, 1199, 1200];
        Loop.Execute(() =>
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
            Task[] writes = await Loop.CallAsync(() =>
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
        using ClosedUdpPort target = new();
        await channel.ConnectAsync(target.Local).InTime();
        Assert.True(channel.Active);
        Assert.True(channel.IsConnected());
        await Waiting.RepeatUntilAsync(
            collector.Failure.Task.InTime("a report"), () => channel.WriteAndFlushAsync(Unpooled.WrappedBuffer([1, 2, 3])));
        SocketException error = Assert.IsType<SocketException>(await collector.Failure.Task);
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Socket late = target.OpenTo(channel.LocalAddress);
        await channel.WriteAndFlushAsync(Unpooled.WrappedBuffer([4, 5])).InTime();
        byte[] got = new byte[10];
        Assert.Equal(2, await late.ReceiveAsync(got.AsMemory()).AsTask().InTime());
        await late.SendAsync(new byte[] { 6 });
        await collector.UntilAsync(1);
        Assert.True(channel.Active);
    }

    [Fact]
    public async Task A_write_that_cannot_be_sent_fails_and_those_around_it_are_sent()
    {
        EpollDatagramChannel channel = await BoundAsync(new Collector());
        using DatagramPeer peer = new();
        Task[] writes = await Loop.CallAsync(() =>
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
}
