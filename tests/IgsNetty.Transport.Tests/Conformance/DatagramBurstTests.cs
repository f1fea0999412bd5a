using System.Buffers.Binary;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Thousands of datagrams back to back, of many senders; and descriptors that change hands under a sender.</summary>
public abstract class DatagramBurstTests : DatagramTests
{
    private const int MostKept = 4 << 20; // what a socket asks for
    private const int CostOfOne = 1024; // a small datagram takes less of the room than this

    /// <summary>As many as surely fit the receive buffer of this system.</summary>
    private static int Fitting => Math.Min(4000, Room / CostOfOne);

    private static int Room => OperatingSystem.IsLinux()
        ? Math.Min(MostKept, int.Parse(File.ReadAllText("/proc/sys/net/core/rmem_max"), null))
        : 200 * CostOfOne;

    [Theory, MemberData(nameof(Families))]
    public async Task All_that_the_kernel_kept_while_the_loop_was_busy_comes_in_order(string bound, string from)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(from);
        byte[] payload = new byte[40];
        for (int round = 0; round < 2; round++)
        {
            using (await LoopHold.BeginAsync(Loop))
            {
                for (int i = 0; i < Fitting; i++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(payload, i);
                    peer.Send(SeenFrom(socket, peer), payload.AsSpan(0, 4 + (i % 37)));
                }
            }

            Datagram[] received = await probe.UntilReceivedAsync((round + 1) * Fitting);
            for (int i = 0; i < Fitting; i++)
            {
                Datagram datagram = received[(round * Fitting) + i];
                Assert.Equal(i, BinaryPrimitives.ReadInt32LittleEndian(datagram.Payload));
                Assert.Equal(4 + (i % 37), datagram.Payload.Length);
            }
        }

        await AssertWorksAsync(socket, probe, peer);
    }

    // Addresses and sizes of a batch stand side by side: each datagram has its own.
    [LinuxFact]
    public async Task Each_of_many_senders_is_told_with_its_own()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind("::");
        DatagramPeer[] peers = [.. Enumerable.Range(1, 60).Select(i => Peer(i % 4 == 0 ? "::1" : $"127.0.{i}.{i * 4}"))];
        List<(DatagramPeer Peer, byte[] Payload)> sent = [];
        Random random = new(23);
        for (int round = 1; round <= 4; round++)
        {
            using (await LoopHold.BeginAsync(Loop))
            {
                for (int i = 0; i < 150; i++)
                {
                    DatagramPeer peer = peers[random.Next(peers.Length)];
                    sent.Add((peer, Bytes.Random(random.Next(4) == 0 ? 0 : random.Next(300), seed: sent.Count)));
                    peer.Send(SeenFrom(socket, peer), sent[^1].Payload);
                }
            }

            await probe.UntilReceivedAsync(sent.Count);
        }

        Datagram[] received = probe.Received;
        for (int i = 0; i < sent.Count; i++)
        {
            Assert.Equal(sent[i].Peer.Address, received[i].Source.WithoutLocal());
            Bytes.AssertSame(sent[i].Payload, received[i].Payload);
        }

        // And each is answered.
        for (int i = 0; i < peers.Length; i++)
        {
            Assert.Equal(DatagramSend.Sent, socket.Send(peers[i].Address, [(byte)i]));
            Assert.Equal(i, Assert.Single((await peers[i].ReceiveAsync()).Payload));
        }
    }

    [Fact]
    public async Task A_batch_of_the_largest_and_the_smallest()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        int[] sizes = [65507, 0, 65507, 1, 2, 65506, 0, 0, 30_000, 65507, 1];
        sizes = sizes[..Math.Min(sizes.Length, Math.Max(1, Room / 50_000))];
        using (await LoopHold.BeginAsync(Loop))
        {
            Array.ForEach(sizes, size => peer.Send(socket.Address, Bytes.Random(size, seed: size)));
        }

        Datagram[] received = await probe.UntilReceivedAsync(sizes.Length);
        Assert.Equal(sizes, received.Select(datagram => datagram.Payload.Length));
        Assert.All(received, datagram => Bytes.AssertSame(Bytes.Random(datagram.Payload.Length, seed: datagram.Payload.Length), datagram.Payload));
    }

    // The kernel gives a closed socket's descriptor to the next one at once: a sender that still holds the number would send
    // from someone else's port.
    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_sent_while_another_thread_closes_never_leaves_from_another_socket(bool withHandler)
    {
        for (int i = 0; i < 25; i++)
        {
            using DatagramPeer peer = new();
            IDatagramSocket first = Bind(withHandler ? new DatagramProbe(Loop) : null);
            TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task receiving = Task.Run(async () =>
            {
                Datagram received;
                while ((received = await peer.ReceiveAsync()).Payload.Length > 0)
                {
                    came.TrySetResult();
                    Assert.Equal(BitConverter.ToInt32(received.Payload), received.Source.Port);
                }
            });
            byte[] port = BitConverter.GetBytes(first.Address.Port);
            Task[] sending = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                while (first.Send(peer.Address, port) != DatagramSend.Unreachable)
                {
                }
            }))];
            await came.Task.InTime("the first datagram");
            first.Close();
            IDatagramSocket[] next = [.. Enumerable.Range(0, 4).Select(_ => Bind((IDatagramHandler?)null))];
            await Task.WhenAll(sending).InTime();

            // The peer may have no room just now, so it is told until it has heard it.
            await Waiting.UntilAsync(() => next[0].Send(peer.Address, []) == DatagramSend.Sent && receiving.IsCompleted, "the last datagram");
            await receiving;
            Array.ForEach(next, socket => socket.Close());
        }
    }
}
