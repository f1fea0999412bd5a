using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>UDP as a DotNetty channel.</summary>
public sealed class EpollDatagramChannelTests : DatagramChannelTests
{
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
            await Loop.CallAsync(() => { });
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
        await Loop.RegisterAsync(second).InTime();
        await second.BindAsync(first.LocalAddress).InTime();
        Assert.Equal(first.LocalAddress, second.LocalAddress);
    }
}
