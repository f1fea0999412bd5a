using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Datagrams to one receiver and to a group.</summary>
public sealed class DatagramTests : DropInTests
{
    private static readonly byte[] Payload = [0, 1, 2, 3];

    public static TheoryData<AddressFamily, bool, bool, bool> Rows
    {
        get
        {
            bool[] both = [false, true];
            TheoryData<AddressFamily, bool, bool, bool> rows = [];
            foreach (AddressFamily family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
            {
                foreach (bool isPooled in both)
                {
                    foreach (bool isBound in both)
                    {
                        rows.Add(family, isPooled, isBound, false);
                        rows.Add(family, isPooled, isBound, true);
                    }
                }
            }

            return rows;
        }
    }

    private static NetworkInterface LoopbackInterface =>
        NetworkInterface.GetAllNetworkInterfaces().First(i => i.NetworkInterfaceType == NetworkInterfaceType.Loopback);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Datagrams_come_as_they_were_sent(AddressFamily family, bool isPooled, bool isSenderBound, bool isComposite)
    {
        IByteBufferAllocator allocator = isPooled ? PooledByteBufferAllocator.Default : UnpooledByteBufferAllocator.Default;
        Receiver received = new();
        IPAddress loopback = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        IChannel receiver = Keep(await Datagrams(family, received)
            .Option(ChannelOption.Allocator, allocator).BindAsync(loopback, 0).InTime());
        Bootstrap sending = Datagrams(family, null).Option(ChannelOption.Allocator, allocator);
        IPAddress any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        IChannel sender = isSenderBound ? Keep(await sending.BindAsync(new IPEndPoint(any, 0)).InTime()) : await RegisterAsync(sending);
        IByteBuffer source = isComposite
            ? Unpooled.WrappedBuffer(Unpooled.CopiedBuffer(Payload, 0, 2), Unpooled.CopiedBuffer(Payload, 2, 2))
            : Unpooled.CopiedBuffer(Payload);
        for (int i = 1; i <= 4; i++)
        {
            await sender.WriteAndFlushAsync(new DatagramPacket((IByteBuffer)source.Retain(), receiver.LocalAddress)).InTime();
            DatagramPacket duplicated = (DatagramPacket)new DatagramPacket(source, receiver.LocalAddress).Duplicate();
            await sender.WriteAndFlushAsync(duplicated.Retain()).InTime();
            await received.UntilAsync(2 * i);
        }

        Assert.Equal(1, source.ReferenceCount);
        source.Release();
        Assert.All(received.Packets, packet => Assert.Equal(Payload, packet.Bytes));
        Assert.All(received.Packets, packet => Assert.Equal(receiver.LocalAddress, packet.Recipient));
        int port = ((IPEndPoint)sender.LocalAddress).Port;
        Assert.All(received.Packets, packet => Assert.Equal(new IPEndPoint(loopback, port), packet.Sender));
    }

    [Fact]
    public async Task A_connected_channel_writes_buffers_and_has_the_address_that_it_sends_from()
    {
        Receiver received = new();
        IChannel receiver = Keep(await Datagrams(AddressFamily.InterNetwork, received).BindAsync(IPAddress.Loopback, 0).InTime());
        IChannel sender = Keep(await Datagrams(AddressFamily.InterNetwork, null)
            .LocalAddress(new IPEndPoint(IPAddress.Any, 0)).ConnectAsync(receiver.LocalAddress).InTime());
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)sender.LocalAddress).Address);
        await sender.WriteAndFlushAsync(Unpooled.CopiedBuffer(Payload)).InTime();
        await received.UntilAsync(1);
        Assert.Equal(sender.LocalAddress, received.Packets[0].Sender);
    }

    // Datagrams to a group leave by the loopback interface, and with 0 hops they do not leave the machine.
    [Theory]
    [InlineData(AddressFamily.InterNetwork, false)]
    [InlineData(AddressFamily.InterNetwork, true)]
    [InlineData(AddressFamily.InterNetworkV6, false)]
    public async Task A_channel_receives_what_is_sent_to_its_group_until_it_leaves(AddressFamily family, bool isOfOneSource)
    {
        IPAddress any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        Receiver received = new();
        EpollDatagramChannel receiver = (EpollDatagramChannel)Keep(
            await Datagrams(family, received).Option(ChannelOption.SoReuseaddr, true).BindAsync(any, 0).InTime());
        IChannel sender = Keep(await Datagrams(family, null)
            .Option(ChannelOption.IpMulticastIf, LoopbackInterface)
            .Option(ChannelOption.IpMulticastTtl, 0)
            .Option(ChannelOption.IpMulticastLoopDisabled, false)
            .BindAsync(IPAddress.Loopback, 0).InTime());
        Assert.Equal(0, sender.Configuration.GetOption(ChannelOption.IpMulticastTtl));
        Assert.False(sender.Configuration.GetOption(ChannelOption.IpMulticastLoopDisabled));
        Assert.Equal(LoopbackInterface.Id, sender.Configuration.GetOption(ChannelOption.IpMulticastIf).Id);
        IPEndPoint group = new(IPAddress.Parse("239.255.7.7"), ((IPEndPoint)receiver.LocalAddress).Port);
        IPEndPoint? source = isOfOneSource ? (IPEndPoint)sender.LocalAddress : null;
        if (source is not null && family == AddressFamily.InterNetworkV6)
        {
            source = new IPEndPoint(source.Address.MapToIPv4(), source.Port);
        }

        await receiver.JoinGroup(group, LoopbackInterface, source!).InTime();
        await SendAsync(1, group);
        await received.UntilAsync(1);
        await Assert.ThrowsAsync<SocketException>(() => receiver.JoinGroup(group, LoopbackInterface, source!).InTime());
        await receiver.LeaveGroup(group, LoopbackInterface, source!).InTime();
        await SendAsync(2, group);
        await SendAsync(3, new IPEndPoint(IPAddress.Loopback, group.Port));
        await received.UntilAsync(2);
        Assert.Equal([1, 3], received.Packets.Select(packet => packet.Bytes.Single()));

        Task SendAsync(byte payload, IPEndPoint to) =>
            sender.WriteAndFlushAsync(new DatagramPacket(Unpooled.WrappedBuffer([payload]), to)).InTime();
    }

    // Not every machine has a route for groups of IPv6 on its loopback interface: the kernel's table says who has joined.
    [Fact]
    public async Task A_channel_joins_and_leaves_a_group_of_IPv6()
    {
        IPEndPoint group = new(IPAddress.Parse("ff11::1:7777"), 0);
        EpollDatagramChannel channel = (EpollDatagramChannel)Keep(
            await Datagrams(AddressFamily.InterNetworkV6, null).BindAsync(IPAddress.IPv6Any, 0).InTime());
        await channel.JoinGroup(group, LoopbackInterface).InTime();
        Assert.True(IsJoined());
        await channel.LeaveGroup(group, LoopbackInterface).InTime();
        Assert.False(IsJoined());
        IPEndPoint none = new(IPAddress.IPv6Loopback, 0);
        await Assert.ThrowsAsync<SocketException>(() => channel.JoinGroup(none, LoopbackInterface).InTime());

        static bool IsJoined() =>
            File.ReadAllText("/proc/net/igmp6").Contains("ff110000000000000000000000017777", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task Options_of_the_socket_are_set_and_read(AddressFamily family)
    {
        IChannel channel = await RegisterAsync(Datagrams(family, null)
            .Option(ChannelOption.SoBroadcast, true)
            .Option(ChannelOption.IpTos, 0x10)
            .Option(ChannelOption.IpMulticastTtl, 3)
            .Option(ChannelOption.IpMulticastLoopDisabled, true));
        Assert.True(channel.Configuration.GetOption(ChannelOption.SoBroadcast));
        Assert.Equal(0x10, channel.Configuration.GetOption(ChannelOption.IpTos));
        Assert.Equal(3, channel.Configuration.GetOption(ChannelOption.IpMulticastTtl));
        Assert.True(channel.Configuration.GetOption(ChannelOption.IpMulticastLoopDisabled));
        Assert.Null(channel.LocalAddress);
    }

    private Bootstrap Datagrams(AddressFamily family, Receiver? receiver) => new Bootstrap()
        .Group(Group)
        .ChannelFactory(() => new EpollDatagramChannel(family))
        .Handler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(receiver ?? new Receiver())));

    private sealed class Receiver : SimpleChannelInboundHandler<DatagramPacket>
    {
        private readonly List<(byte[] Bytes, EndPoint Sender, EndPoint Recipient)> _packets = [];

        public (byte[] Bytes, EndPoint Sender, EndPoint Recipient)[] Packets
        {
            get
            {
                lock (_packets)
                {
                    return [.. _packets];
                }
            }
        }

        public Task UntilAsync(int count) => Waiting.UntilAsync(() => Packets.Length >= count, $"{count} datagrams");

        protected override void ChannelRead0(IChannelHandlerContext context, DatagramPacket message)
        {
            byte[] bytes = new byte[message.Content.ReadableBytes];
            message.Content.ReadBytes(bytes);
            lock (_packets)
            {
                _packets.Add((bytes, message.Sender, message.Recipient));
            }
        }
    }
}
