using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>Whatever the two kernels take at a time, every byte and both ends arrive.</summary>
public sealed class DirectRelayRandomTests : RelayTest
{
    [Fact]
    public void Nothing_is_copied_on_the_way()
    {
        EmbeddedStreamSocket caller = NewSocket();
        EmbeddedStreamSocket target = NewSocket();
        DirectRelay.Join(new RelayLoop(Loop, TimeSpan.FromHours(1), Udp.Context(new FakeTransport())), caller, target, first: null);
        caller.Receive(RandomBytes.Make(1, 100_000));
        int allocations = Buffers.Allocations;
        Loop.RunTasks();
        Assert.Equal(allocations + 1, Buffers.Allocations); // the receive buffer
        Assert.Single(target.Output.Arrays);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Byte_exact_at_random(int seed)
    {
        Random random = new(seed);
        RelayLoop relay = new(Loop, TimeSpan.FromHours(1), Udp.Context(new FakeTransport()));
        EmbeddedStreamSocket[] sides = [NewSocket(), NewSocket()];
        DirectRelay.Join(relay, sides[0], sides[1], first: null);
        byte[][] payloads = [RandomBytes.Make(seed, 300_000), RandomBytes.Make(seed + 100, 200_000)];
        int[] sent = [0, 0];
        Assert.All(sides, side => side.Output.Room = 0);
        Assert.All(sides, side => side.Output.TellsPieces = seed % 2 == 0);
        for (int i = 0; i < 20_000 && sides[0].Active; i++)
        {
            int side = random.Next(2);
            if (random.Next(2) == 0 && sent[side] <= payloads[side].Length && sides[side].UnreadBytes < 30_000)
            {
                int size = Math.Min(random.Next(1, 20_000), payloads[side].Length - sent[side]);
                if (size > 0)
                {
                    sides[side].Receive(payloads[side].AsSpan(sent[side], size));
                    sent[side] += size;
                }
                else
                {
                    sides[side].ReceiveEnd();
                    sent[side]++;
                }
            }

            sides[random.Next(2)].Output.Drain(random.Next(1, 20_000));
            Loop.RunTasks();
        }

        Assert.Equal(payloads[0], sides[1].Output.Take());
        Assert.Equal(payloads[1], sides[0].Output.Take());
        Assert.All(sides, side => Assert.True(side.IsOutputShut && !side.Active && !side.IsAborted));
        Assert.Empty(relay.Direct);
    }
}
