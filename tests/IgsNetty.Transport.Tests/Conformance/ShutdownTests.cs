using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The end of a transport closes the streams that are still open on its loops, and their handlers hear of it.</summary>
public abstract class ShutdownTests : TransportTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task Streams_that_are_open_are_closed(int state)
    {
        const int Streams = 20;
        Socket listener = PlainListener();
        IPEndPoint address = (IPEndPoint)listener.LocalEndPoint!;
        int sockets = Descriptors.CountSockets();
        ITransport transport = CreateTransport(new TransportSetup(2, Pool.Allocator, new ReceiveBuffers(Headroom, MostReceiveBytes), Log));
        List<(Peer Peer, Probe Probe)> all = [];
        for (int i = 0; i < Streams; i++)
        {
            IEventLoop loop = transport.Loops[i % 2];
            Task<Socket> accepting = listener.AcceptAsync();
            IStreamSocket socket = await transport.ConnectAsync(address, loop, CancellationToken.None).InTime();
            Probe probe = new();
            all.Add((new Peer(await accepting.InTime()), probe));
            await loop.CallAsync(() =>
            {
                socket.Channel.Pipeline.AddLast(probe);
                socket.Channel.Configuration.AutoRead = state > 0;
                if (state == 2)
                {
                    socket.Send(Unpooled.WrappedBuffer(Bytes.Bulk)); // more than the kernel takes
                    _ = socket.Channel.WriteAsync(Pool.Holding(new byte[1000]));
                }
            });
        }

        await transport.DisposeAsync().AsTask().InTime("the transport's end");
        foreach ((Peer peer, Probe probe) in all)
        {
            PeerInput input = await peer.ReceiveAllAsync();
            Assert.Equal(state == 2 ? SocketError.ConnectionReset : SocketError.Success, input.End);
            Assert.Equal(1, probe.Count(ProbeEventKind.Inactive));
            Assert.Equal(0, probe.Count(ProbeEventKind.Exception));
            peer.Dispose();
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }

    [Fact]
    public async Task Streams_that_moved_to_another_loop_and_back_or_closed_before_do_no_harm()
    {
        Socket listener = PlainListener();
        int sockets = Descriptors.CountSockets();
        ITransport transport = CreateTransport(new TransportSetup(2, Pool.Allocator, new ReceiveBuffers(Headroom, MostReceiveBytes), Log));
        List<Socket> peers = [];
        for (int i = 0; i < 6; i++)
        {
            Task<Socket> accepting = listener.AcceptAsync();
            IChannel channel = (await transport.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, transport.Loops[0], CancellationToken.None).InTime()).Channel;
            peers.Add(await accepting.InTime());
            await channel.DeregisterAsync().InTime();
            await transport.Loops[1 - (i % 2)].RegisterAsync(channel).InTime();
            if (i % 3 == 0)
            {
                await channel.CloseAsync().InTime();
            }
        }

        await transport.DisposeAsync().AsTask().InTime("the transport's end");
        await transport.DisposeAsync().AsTask().InTime("the same again");
        peers.ForEach(peer => peer.Dispose());
        await Descriptors.UntilSocketsAsync(sockets);
    }
}
