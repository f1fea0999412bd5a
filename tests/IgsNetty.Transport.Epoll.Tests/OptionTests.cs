using System.Net;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>Options reach the kernel and come back from it.</summary>
public sealed class OptionTests : IAsyncLifetime
{
    private readonly TestChannels _channels = new();
    private readonly CollectHandler _collected = new();
    private IChannel _client = null!;

    public async Task InitializeAsync()
    {
        IChannel server = await _channels.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), () => new EchoHandler()).InTime();
        _client = await _channels.ConnectAsync(server.LocalAddress, _collected).InTime();
    }

    public async Task DisposeAsync() => await _channels.DisposeAsync();

    [Fact]
    public void Of_a_stream_are_set_and_read()
    {
        AssertSet(ChannelOption.TcpNodelay, false);
        AssertSet(ChannelOption.TcpNodelay, true);
        AssertSet(ChannelOption.SoKeepalive, true);
        AssertSet(ChannelOption.SoReuseaddr, true);
        AssertSet(ChannelOption.SoLinger, 7);
        AssertSet(ChannelOption.SoLinger, -1);
        AssertSet(ChannelOption.AllowHalfClosure, true);
        AssertSet(EpollChannelOption.TcpNotSentLowWaterMark, 131072);
        AssertSet(EpollChannelOption.TcpUserTimeout, TimeSpan.FromSeconds(9));
        AssertSet(EpollChannelOption.TcpQuickAck, false);
        AssertSet(EpollChannelOption.TcpQuickAck, true);
        _client.Configuration.SetOption(ChannelOption.SoSndbuf, 65536);
        Assert.Equal(2 * 65536, _client.Configuration.GetOption(ChannelOption.SoSndbuf));
        _client.Configuration.SetOption(ChannelOption.SoRcvbuf, 32768);
        Assert.Equal(2 * 32768, _client.Configuration.GetOption(ChannelOption.SoRcvbuf));
        Assert.False(_client.Configuration.SetOption(ChannelOption.SoBroadcast, true));
    }

    [Fact]
    public async Task No_delay_is_on_by_default_at_both_ends()
    {
        TaskCompletionSource<bool> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IChannel server = await _channels.ListenAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            () => new ActionChannelInitializer<IChannel>(c => accepted.SetResult(c.Configuration.GetOption(ChannelOption.TcpNodelay)))).InTime();
        IChannel client = await _channels.ConnectAsync(server.LocalAddress, new CollectHandler()).InTime();
        Assert.True(client.Configuration.GetOption(ChannelOption.TcpNodelay));
        Assert.True(await accepted.Task.InTime());
    }

    [Fact]
    public void A_limit_of_the_send_buffer_can_be_taken_back()
    {
        EpollSocketChannel client = (EpollSocketChannel)_client;
        client.LimitQueue(32_768, 65_536);
        Assert.Equal(32_768, _client.Configuration.GetOption(EpollChannelOption.TcpNotSentLowWaterMark));
        bool canBeTakenBack = client.Descriptor.TrySet(SocketOption.BufferLock, 1); // Linux 5.14
        Assert.Equal(canBeTakenBack, _client.Configuration.GetOption(ChannelOption.SoSndbuf) == 2 * 65_536);
        client.LimitQueue(131_072, 0);
        Assert.Equal(131_072, _client.Configuration.GetOption(EpollChannelOption.TcpNotSentLowWaterMark));
        Assert.Equal(0, canBeTakenBack ? client.Descriptor.Get(SocketOption.BufferLock) : 0);
    }

    [Fact]
    public async Task What_the_kernel_knows_of_a_connection_is_told()
    {
        byte[] bytes = Bytes.Random(1000, seed: 5);
        await _client.WriteAndFlushAsync(Unpooled.WrappedBuffer(bytes)).InTime();
        await _collected.ReceiveAsync(bytes.Length);
        TcpInfo info = _client.Configuration.GetOption(EpollChannelOption.TcpInfo);
        Assert.InRange(info.RoundTripTime, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.InRange(info.LeastRoundTripTime, TimeSpan.FromTicks(1), info.RoundTripTime + info.RoundTripVariation + TimeSpan.FromSeconds(1));
        Assert.Equal(info.LeastRoundTripTime, ((EpollSocketChannel)_client).LeastRoundTrip);
        Assert.InRange(info.RetransmitTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(120));
        Assert.InRange(info.SendSegmentSize, 500, 70_000);
        Assert.InRange(info.CongestionWindow, 1, 100_000);
        Assert.Equal(0, info.NotSentBytes);
    }

    [Fact]
    public async Task Of_a_closed_socket_cannot_be_read()
    {
        await _client.CloseAsync().InTime();
        Assert.Throws<ObjectDisposedException>(() => _client.Configuration.GetOption(ChannelOption.SoSndbuf));
        Assert.Throws<ObjectDisposedException>(() => _client.Configuration.SetOption(ChannelOption.SoSndbuf, 4096));
    }

    private void AssertSet<T>(ChannelOption<T> option, T value)
    {
        Assert.True(_client.Configuration.SetOption(option, value));
        Assert.Equal(value, _client.Configuration.GetOption(option));
    }
}
