using System.Buffers.Binary;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Many datagrams: their order, their boundaries, and that none is left lying.</summary>
public abstract class DatagramReceiveTests : DatagramTests
{
    private const int Burst = 200; // what the smallest usual receive buffer holds

    [Theory, MemberData(nameof(Families))]
    public async Task Bursts_come_whole_and_in_order(string bound, string from)
    {
        const int Bursts = 25;
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(from);
        List<byte[]> sent = [];
        for (int burst = 1; burst <= Bursts; burst++)
        {
            for (int i = 0; i < Burst; i++)
            {
                sent.Add(Bytes.Random(4 + (sent.Count % 600), seed: sent.Count));
                peer.Send(SeenFrom(socket, peer), sent[^1]);
            }

            await probe.UntilReceivedAsync(burst * Burst);
        }

        AssertReceived(probe, sent);
        Assert.All(probe.Received, datagram => Assert.Equal(peer.Address, datagram.Source.WithoutLocal()));
    }

    [Fact]
    public async Task What_has_queued_up_while_the_loop_was_busy_comes_whole_and_in_order()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => Peer())];
        List<byte[]> sent = [];
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < Burst; i++)
            {
                sent.Add(Bytes.Random(i * 3, seed: i));
                peers[i % peers.Length].Send(socket.Address, sent[^1]);
            }
        }

        await probe.UntilReceivedAsync(sent.Count);
        AssertReceived(probe, sent);
        Assert.All(probe.Received, (datagram, i) => Assert.Equal(peers[i % peers.Length].Address, datagram.Source));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0 0 0")]
    [InlineData("0 10")]
    [InlineData("10 0")]
    [InlineData("10 0 0 20 0 30 0 0")]
    [InlineData("0 0 9000 0 65507 0 1 0")]
    public async Task An_empty_datagram_is_one_like_any_other(string sizes)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        List<byte[]> sent = [];
        for (int round = 0; round < 2; round++)
        {
            // Once all at once, once each for itself.
            using LoopHold? hold = round == 0 ? await LoopHold.BeginAsync(Loop) : null;
            foreach (int size in sizes.Split(' ').Select(int.Parse))
            {
                sent.Add(Bytes.Random(size, seed: size));
                peer.Send(socket.Address, sent[^1]);
                _ = round == 0 ? null : await probe.UntilReceivedAsync(sent.Count);
            }

            hold?.Dispose();
            await probe.UntilReceivedAsync(sent.Count);
        }

        AssertReceived(probe, sent);
        await AssertWorksAsync(socket, probe, peer);
    }

    [Fact]
    public async Task More_empty_datagrams_than_a_turn_takes_do_not_stop_it()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < Burst; i++)
            {
                peer.Send(socket.Address, []);
            }
        }

        await probe.UntilReceivedAsync(Burst);
        Assert.All(probe.Received, datagram => Assert.Empty(datagram.Payload));
        await AssertWorksAsync(socket, probe, peer);
    }

    // The moment between the last look at the socket and the next wait is where a datagram could be overlooked: each is
    // sent when the one before has only just been taken.
    [Fact]
    public async Task A_datagram_that_comes_at_any_moment_is_seen()
    {
        const int Datagrams = 20_000;
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        using AutoResetEvent taken = new(false);
        probe.On = _ => taken.Set();
        DatagramPeer peer = Peer();
        Random random = new(11);
        byte[] payload = new byte[4];
        for (int i = 0; i < Datagrams; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(payload, i);
            peer.Send(socket.Address, payload.AsSpan(0, i % 3 == 0 ? 0 : 4));
            Assert.True(taken.WaitOne(Waiting.Limit), $"datagram {i} lies there and nobody looks");
            Thread.SpinWait(random.Next(500));
        }

        await probe.UntilReceivedAsync(Datagrams);
        Assert.All(
            probe.Received,
            (datagram, i) => Assert.Equal(i % 3 == 0 ? -1 : i, datagram.Payload.Length == 0 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(datagram.Payload)));
    }

    private static void AssertReceived(DatagramProbe probe, List<byte[]> sent)
    {
        Datagram[] received = probe.Received;
        Assert.Equal(sent.Select(payload => payload.Length), received.Select(datagram => datagram.Payload.Length));
        for (int i = 0; i < received.Length; i++)
        {
            Bytes.AssertSame(sent[i], received[i].Payload);
        }
    }
}
