using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Datagrams beside streams on a link that is full: nine tenths are the streams', one tenth is the datagrams'.</summary>
public sealed class DatagramShareTests : DatagramTest
{
    private static readonly LinkSettings Roomy = Open with { PeerInitialWindow = int.MaxValue };

    [Fact]
    public void Nothing_waits_while_the_link_takes_data()
    {
        LinkUnderTest link = NewLink(Roomy);
        DatagramFlow flow = Flow(link, out _);
        for (int i = 0; i < 200; i++)
        {
            flow.Send(FlowAddress.OfTarget, new byte[1 + (i * 300)]);
            Assert.Equal(0, link.Memory.Held);
        }

        Assert.Equal(201, link.Sent().Count);
        Assert.Equal(0, link.Totals.DatagramsDropped);
    }

    [Theory]
    [InlineData(1, 4_000)]
    [InlineData(1, 16_000)]
    [InlineData(1, 50_000)]
    [InlineData(1, 200_000)]
    [InlineData(3, 400_000)]
    [InlineData(3, 4_000)]
    [InlineData(3, 64_000)]
    [InlineData(3, 150_000)]
    public void Streams_keep_nine_tenths_beside_a_flood_and_datagrams_get_their_tenth(int streams, int room)
    {
        LinkUnderTest link = Stalled(streams, out EmbeddedStreamSocket[] locals);
        (double datagrams, _) = Flood(link, locals, room, 1_200);
        Assert.InRange(datagrams, 0.05, 0.105);
    }

    [Fact]
    public void Large_datagrams_get_no_more()
    {
        LinkUnderTest link = Stalled(3, out EmbeddedStreamSocket[] locals);
        (double datagrams, _) = Flood(link, locals, 30_000, 65_507);
        Assert.InRange(datagrams, 0.05, 0.11);
    }

    [Fact]
    public void With_no_stream_they_have_all_of_it()
    {
        LinkUnderTest link = Stalled(0, out EmbeddedStreamSocket[] locals);
        (double datagrams, long bytes) = Flood(link, locals, 50_000, 1_200);
        Assert.Equal(1, datagrams);
        Assert.InRange(bytes, 95 * 50_000, 100 * 50_000 + 100_000);
    }

    [Fact]
    public void Streams_without_credit_do_not_hold_them_up()
    {
        LinkUnderTest link = Stalled(2, out EmbeddedStreamSocket[] locals, Roomy with { PeerInitialWindow = FrameLimits.MinInitialWindow });
        (double datagrams, _) = Flood(link, locals, 50_000, 1_200);
        Assert.InRange(datagrams, 0.98, 1);
    }

    [Fact]
    public void What_waits_outlives_its_flow_and_a_link_that_is_lost_leaves_nothing()
    {
        LinkUnderTest link = Stalled(0, out _);
        DatagramFlow[] flows = [Flow(link, out _), Flow(link, out _)];
        Array.ForEach(flows, flow => flow.Send(FlowAddress.OfTarget, new byte[10_000]));
        Assert.Equal(2 * 10_009, link.Memory.Held);
        flows[0].Close();
        Assert.Equal(2 * 10_009, link.Memory.Held);
        Assert.Equal(0, link.Totals.DatagramsDropped);
        link.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.Equal(0, link.Memory.Held);
        Assert.Equal(2, link.Totals.DatagramsDropped);
        Buffers.AssertNoLeaks();
    }

    [Fact]
    public void A_reset_by_the_peer_frees_what_waits()
    {
        LinkUnderTest link = Stalled(0, out _);
        DatagramFlow flow = Flow(link, out _);
        flow.Send(FlowAddress.OfTarget, new byte[10_000]);
        link.Socket.Receive(FrameStream.Reset(1, ResetReason.NotAllowed));
        Loop.RunTasks();
        Assert.Equal(0, link.Memory.Held);
    }

    // A hundred times the link takes some bytes, while twice as many come as datagrams and the streams always have more.
    private (double Datagrams, long Bytes) Flood(LinkUnderTest link, EmbeddedStreamSocket[] locals, int room, int size)
    {
        DatagramFlow flow = Flow(link, out _);
        long datagrams = 0;
        long streams = 0;
        List<byte> wire = [];
        for (int i = 0; i < 100; i++)
        {
            foreach (EmbeddedStreamSocket local in locals)
            {
                while (local.UnreadBytes < 2 * room)
                {
                    local.Receive(new byte[60_000]);
                }
            }

            for (int sent = 0; sent < 2 * room; sent += size)
            {
                flow.Send(FlowAddress.OfTarget, new byte[size]);
            }

            Loop.RunTasks();
            link.Socket.Output.Drain(room);
            Loop.RunTasks();
            wire.AddRange(link.Socket.Output.Take());
        }

        link.Socket.Output.Room = 0;
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(wire);
        while (rest.Length >= FrameHeader.Size)
        {
            FrameHeader header = FrameHeader.Read(rest);
            int bytes = Math.Min(rest.Length, FrameHeader.Size + header.PayloadLength);
            datagrams += header.Type == FrameType.Datagram ? bytes : 0;
            streams += header.Type == FrameType.Data ? bytes : 0;
            rest = rest[bytes..];
        }

        return (datagrams / (double)(datagrams + streams), datagrams + streams);
    }

    private LinkUnderTest Stalled(int streams, out EmbeddedStreamSocket[] locals, LinkSettings? settings = null)
    {
        LinkUnderTest link = NewLink(settings ?? Roomy);
        locals = [.. Enumerable.Range(0, streams).Select(_ => NewSocket())];
        foreach (EmbeddedStreamSocket local in locals)
        {
            RelayStream stream = link.Open();
            Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
            stream.Attach(local);
        }

        link.Socket.Output.Room = 0;
        link.Socket.Receive(FrameStream.Ping(0));
        Loop.RunTasks();
        return link;
    }
}
