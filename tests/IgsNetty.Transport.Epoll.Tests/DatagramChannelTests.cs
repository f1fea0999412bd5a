using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>What the tests of UDP as a DotNetty channel share.</summary>
public abstract class DatagramChannelTests : IAsyncLifetime
{
    private protected EpollEventLoop Loop { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1)).InTime();

    private protected static DatagramPacket Packet(byte[] payload, DatagramPeer to) => new(Unpooled.WrappedBuffer(payload), to.Local);

    private protected async Task<EpollDatagramChannel> BoundAsync(IChannelHandler handler, bool autoRead = true)
    {
        EpollDatagramChannel channel = new(AddressFamily.InterNetwork);
        channel.Configuration.AutoRead = autoRead;
        await OpenAsync(channel, handler, "127.0.0.1");
        return channel;
    }

    private protected async Task OpenAsync(EpollDatagramChannel channel, IChannelHandler handler, string? address)
    {
        channel.Pipeline.AddLast(handler);
        await Loop.RegisterAsync(channel).InTime();
        if (address is not null)
        {
            await channel.BindAsync(new IPEndPoint(IPAddress.Parse(address), 0)).InTime();
        }
    }

    private protected sealed class Echo : ChannelHandlerAdapter
    {
        public override void ChannelRead(IChannelHandlerContext context, object message)
        {
            DatagramPacket packet = (DatagramPacket)message;
            context.WriteAsync(new DatagramPacket(packet.Content, packet.Sender));
        }

        public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();
    }

    private protected sealed class Collector : ChannelHandlerAdapter
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
