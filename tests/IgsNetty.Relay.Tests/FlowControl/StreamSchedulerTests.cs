using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.FlowControl;

/// <summary>Who sends next on a link that is full.</summary>
public class StreamSchedulerTests : RelayTest
{
    private const int Quantum = LinkUnderTest.Quantum;
    private const int Size = 200_000;

    private static readonly LinkSettings Roomy = new() { PeerMaxPayload = FrameLimits.MaxPayload, PeerInitialWindow = int.MaxValue };

    [Fact]
    public void Streams_take_turns_of_a_quantum()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        IReadOnlyList<WireFrame> sent = Relieve(link);

        const int Rest = Size - (3 * Quantum);
        (uint Stream, int Bytes)[] turns = [.. from turn in new[] { Quantum, Quantum, Quantum, Rest } from id in new uint[] { 1, 3, 5 } select (id, turn)];
        Assert.Equal(turns, sent.Select(frame => (frame.StreamId, frame.Header.PayloadLength)));
    }

    [Fact]
    public void The_last_one_is_not_cut_into_turns()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        locals[1].Receive(RandomBytes.Make(1, Size));
        Assert.Equal(Size, Assert.Single(Relieve(link)).Header.PayloadLength);
    }

    [Fact]
    public void One_that_is_served_goes_to_the_end_of_the_queue()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        locals[0].Receive(RandomBytes.Make(1, 100_000));
        locals[1].Receive(RandomBytes.Make(1, 1000));
        locals[0].Receive(RandomBytes.Make(2, 1000));
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal([(1u, Quantum), (3u, 1000), (1u, 100_000 - Quantum), (1u, 1000)], sent.Select(f => (f.StreamId, f.Header.PayloadLength)));
    }

    [Fact]
    public void Control_frames_overtake_waiting_data()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        Loop.RunTasks();
        link.Socket.Receive(FrameStream.Ping(42));
        Loop.RunTasks();
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal(FrameType.Pong, sent[0].Type);
        Assert.All(sent.Skip(1), frame => Assert.Equal(FrameType.Data, frame.Type));
        Assert.Equal(3 * Size, sent.Skip(1).Sum(frame => frame.Header.PayloadLength));
    }

    [Fact]
    public void The_order_within_a_stream_is_kept_and_its_end_comes_last()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        byte[][] payloads = [.. locals.Select((_, i) => RandomBytes.Make(i, Size + i))];
        for (int i = 0; i < locals.Length; i++)
        {
            foreach (byte[] piece in payloads[i].Chunk(70_000))
            {
                locals[i].Receive(piece);
            }

            locals[i].ReceiveEnd();
        }

        IReadOnlyList<WireFrame> sent = Relieve(link);
        for (uint id = 1; id <= 5; id += 2)
        {
            WireFrame[] own = [.. sent.Where(frame => frame.StreamId == id)];
            Assert.Equal(payloads[(id - 1) / 2], FrameStream.Join(own.Select(frame => frame.Bytes.ToArray())));
            Assert.Equal(FrameType.EndOfStream, own[^1].Type);
            Assert.Single(own, frame => frame.Type == FrameType.EndOfStream);
        }
    }

    [Fact]
    public void While_it_waits_an_application_is_not_read()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        Assert.All(locals, local => Assert.True(local.IsReading));
        locals[0].Receive(RandomBytes.Make(1, 1000));
        locals[0].Receive(RandomBytes.Make(2, 1000));
        Loop.RunTasks();
        Assert.Equal(IsGateIgnored ? 1000 : 2000, locals[0].UnreadBytes);
        Assert.Equal(!IsGateIgnored, locals[0].IsReading);
        Assert.True(locals[1].IsReading);
        Assert.Equal(2000, Relieve(link).Sum(frame => frame.Header.PayloadLength));
        Assert.True(locals[0].IsReading);
    }

    [Fact]
    public void One_without_credit_does_not_hold_up_the_others()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals, Roomy with { PeerInitialWindow = 100_000 });
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, 150_000)));
        Assert.Equal(300_000, Relieve(link).Sum(frame => frame.Header.PayloadLength));
        WireFrame rest = Assert.Single(link.Receive(FrameStream.Update(3, 60_000)));
        Assert.Equal((3u, 50_000), (rest.StreamId, rest.Header.PayloadLength));
    }

    [Fact]
    public void One_that_is_reset_while_it_waits_has_no_turn()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        Loop.RunTasks();
        link.Socket.Receive(FrameStream.Reset(3, ResetReason.Cancelled));
        Loop.RunTasks();
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.DoesNotContain(sent, frame => frame.StreamId == 3);
        Assert.Equal(2 * Size, sent.Sum(frame => frame.Header.PayloadLength));
    }

    [Fact]
    public void Frames_are_no_longer_than_the_peer_accepts()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals, Roomy with { PeerMaxPayload = FrameLimits.MinAnnouncedPayload });
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal(3 * Size, sent.Sum(frame => frame.Header.PayloadLength));
        Assert.All(sent, frame => Assert.InRange(frame.Header.PayloadLength, 1, FrameLimits.MinAnnouncedPayload));
    }

    [Fact]
    public void A_small_message_waits_for_one_turn_and_not_for_all()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        locals[0].Receive(RandomBytes.Make(1, Size));
        locals[1].Receive(RandomBytes.Make(2, Size));
        Loop.RunTasks();
        link.Socket.Output.Drain(16 + 1); // the Pong, and the first byte of the first turn
        locals[2].Receive([1, 2, 3]);
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal([1u, 3u, 5u, 1u, 3u], sent.Take(5).Select(frame => frame.StreamId));
    }

    [Fact]
    public void One_that_has_come_back_within_the_round_waits_for_its_end()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        locals[0].Receive(RandomBytes.Make(1, Size));
        locals[1].Receive(RandomBytes.Make(2, Size));
        locals[2].Receive([1, 2, 3]);
        Loop.RunTasks();
        link.Socket.Output.Drain(16 + (2 * (FrameHeader.Size + Quantum)) + FrameHeader.Size + 3 + 1); // three turns, and the fourth has begun
        locals[2].Receive([4, 5, 6]);
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal([1u, 3u, 5u, 1u, 3u, 5u, 1u, 3u], sent.Take(8).Select(frame => frame.StreamId));
    }

    [Fact]
    public void After_a_few_turns_the_loop_has_its_own()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        Loop.RunTasks();
        _ = link.Socket.Output.Take();
        link.Socket.Output.Drain(long.MaxValue);
        Assert.Equal(16 + (4 * (FrameHeader.Size + Quantum)), link.Socket.Output.Sent.Length);
        Loop.RunTasks();
        Assert.Equal(3 * Size, link.Sent().Sum(frame => frame.Header.PayloadLength) - 8);
    }

    [Fact]
    public void What_waits_in_the_socket_takes_no_memory()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        long before = Buffers.BytesInUse;
        Assert.All(locals, local => local.Receive(RandomBytes.Make(1, Size)));
        Loop.RunTasks();
        long more = Buffers.BytesInUse - before;
        Assert.InRange(more, IsGateIgnored ? 3 * Size : 0, IsGateIgnored ? 6 * Size : 0);
        Relieve(link);
    }

    [Fact]
    public void An_end_that_comes_while_it_waits_follows_the_bytes()
    {
        LinkUnderTest link = Congested(out EmbeddedStreamSocket[] locals);
        locals[0].Receive([1, 2, 3]);
        locals[0].ReceiveEnd();
        Loop.RunTasks();
        IReadOnlyList<WireFrame> sent = Relieve(link);
        Assert.Equal([FrameType.Data, FrameType.EndOfStream], sent.Select(frame => frame.Type));
    }

    // Three open streams, on a link that takes nothing more.
    private LinkUnderTest Congested(out EmbeddedStreamSocket[] locals, LinkSettings? settings = null)
    {
        LinkUnderTest link = NewLink(settings ?? Roomy);
        locals = [NewSocket(), NewSocket(), NewSocket()];
        foreach (EmbeddedStreamSocket local in locals)
        {
            RelayStream stream = link.Open();
            Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
            stream.Attach(local);
        }

        link.Socket.Output.Room = 0;
        link.Socket.Receive(FrameStream.Ping(0));
        Loop.RunTasks();
        Assert.Equal(16, link.Socket.Output.PendingBytes);
        return link;
    }

    // The link takes everything again; the Pong that had filled it goes first.
    private IReadOnlyList<WireFrame> Relieve(LinkUnderTest link)
    {
        Loop.RunTasks();
        link.Socket.Output.Drain(long.MaxValue);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(FrameType.Pong, sent[0].Type);
        return [.. sent.Skip(1)];
    }
}
