using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Datagram frames on the wire, to the byte, whatever way they take there.</summary>
public sealed class DatagramBytesTests : DatagramTest
{
    public static TheoryData<int, string?> Cases
    {
        get
        {
            TheoryData<int, string?> cases = [];
            int[] sizes =
            [
                0, 1, 2038, 2039, 2040, 2047, 2048, 2049, 16_384 - 300, 16_384 - 265, 16_384 - 264, 16_384 - 9, 16_384 - 8, 16_384, 16_384 + 300, 65_506, 65_507,
            ];
            foreach (int size in sizes)
            {
                cases.Add(size, null);
                cases.Add(size, "10.1.2.4:161");
                cases.Add(size, "[2001:db8::35]:53");
                cases.Add(size, "dns.plant.example:53");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Between_other_frames(int size, string? address)
    {
        LinkUnderTest link = NewLink(Open);
        DatagramStream stream = NewStream(link);
        byte[] payload = RandomBytes.Make(size, size);
        Send(link, stream, address, payload);
        link.Link.Writer.WriteWindowUpdate(9, 1);
        Send(link, stream, address, payload);
        Assert.Equal(
            FrameStream.Join(FrameStream.Datagram(1, address, payload), FrameStream.Update(9, 1), FrameStream.Datagram(1, address, payload)),
            Taken(link));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void From_another_loop(int size, string? address)
    {
        LinkUnderTest link = NewLink(Open);
        DatagramStream stream = NewStream(link);
        byte[] payload = RandomBytes.Make(size, size);
        FlowAddress to = address is null ? FlowAddress.OfTarget : To(address);
        Assert.True(link.Link.Datagrams.TryHandOver(to, payload, stream, (receiver, frame, totals) => ((DatagramStream)receiver).Take(frame, totals)));
        link.Link.Writer.WriteWindowUpdate(9, 1);
        Assert.Equal(FrameStream.Join(FrameStream.Update(9, 1), FrameStream.Datagram(1, address, payload)), Taken(link));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void After_a_wait_for_a_full_link(int size, string? address)
    {
        LinkUnderTest link = NewLink(Open);
        DatagramStream stream = NewStream(link);
        byte[] payload = RandomBytes.Make(size, size);
        link.Socket.Output.Room = 0;
        link.Link.Writer.WriteWindowUpdate(9, 1);
        Loop.RunTasks();
        Send(link, stream, address, payload);
        Send(link, stream, null, [1]);
        Loop.RunTasks();
        link.Link.Writer.WriteWindowUpdate(9, 2);
        byte[] all = FrameStream.Join(
            FrameStream.Update(9, 1), FrameStream.Update(9, 2), FrameStream.Datagram(1, address, payload), FrameStream.Datagram(1, null, 1));

        Assert.NotEqual(0, link.Memory.Held);
        List<byte> wire = [];
        while (wire.Count < all.Length && link.Socket.Output.PendingBytes > 0)
        {
            link.Socket.Output.Drain(1 + (size / 7));
            wire.AddRange(Taken(link));
        }

        Assert.Equal(all, wire);
        Assert.Equal(0, link.Memory.Held);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ResetReason.NotAllowed)]
    public void The_end_of_a_flow_comes_behind_what_waits_and_a_reset_does_not_wait(ResetReason? reason)
    {
        LinkUnderTest link = NewLink(Open);
        DatagramStream stream = NewStream(link);
        link.Socket.Output.Room = 0;
        link.Link.Writer.WriteWindowUpdate(9, 1);
        Loop.RunTasks();
        Send(link, stream, null, [1]);
        Send(link, stream, null, [2]);
        stream.End(null, reason);
        Send(link, stream, null, [3]);
        Assert.False(stream.IsLive);
        Loop.RunTasks();
        List<byte> wire = [];
        while (link.Socket.Output.PendingBytes > 0)
        {
            link.Socket.Output.Drain(1000);
            wire.AddRange(Taken(link));
        }

        byte[] expected = reason is { } why
            ? FrameStream.Join(FrameStream.Update(9, 1), FrameStream.Reset(1, why))
            : FrameStream.Join(FrameStream.Update(9, 1), FrameStream.Datagram(1, null, 1), FrameStream.Datagram(1, null, 2), FrameStream.End(1));
        Assert.Equal(expected, wire);
        Assert.Equal(reason is null ? 1 : 3, link.Totals.DatagramsDropped);
        Assert.Equal(0, link.Memory.Held);
        Assert.Empty(link.Receive(FrameStream.End(1)));
    }

    private DatagramStream NewStream(LinkUnderTest link)
    {
        Flow(link, out _).Send(FlowAddress.OfTarget, []);
        Assert.Equal(2, link.Sent().Count);
        return link.Link.Lookup<DatagramStream>(FrameType.Datagram, 1, out _)!;
    }

    private static void Send(LinkUnderTest link, DatagramStream stream, string? address, byte[] payload) =>
        stream.Take(address is null ? FlowAddress.OfTarget : To(address), payload, link.Totals);

    private byte[] Taken(LinkUnderTest link)
    {
        Loop.RunTasks();
        return link.Socket.Output.Take();
    }
}
