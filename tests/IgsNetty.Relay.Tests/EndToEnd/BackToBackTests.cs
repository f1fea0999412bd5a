using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Tests.Harness;
using Xunit;

namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>
/// Two links back to back over sockets of random capacity: many calls both ways, of random sizes. Every byte and every
/// end arrives, in order, once; at the end every buffer is given back.
/// </summary>
public abstract class BackToBackTests : RelayTest
{
    private const int MostSteps = 400_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    /// <summary>The most that one application has to say.</summary>
    protected abstract int MostBytes { get; }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_byte_and_every_end_arrives(int seed)
    {
        Random random = new(seed);
        Gateways gateways = Connect(random, out LinkUnderTest[] links);
        for (int i = 0; i < 8; i++)
        {
            gateways.Open();
        }

        int more = 8;
        for (int step = 0; step < MostSteps && (more > 0 || !gateways.IsIdle); step++)
        {
            if (more > 0 && random.Next(500) == 0)
            {
                gateways.Open();
                more--;
            }

            gateways.Step();
        }

        Assert.Equal(16, gateways.Calls.Count);
        foreach (Call call in gateways.Calls)
        {
            Assert.True(call.IsOver, "it did not come to its end");
            Assert.False(call.WasReset);
            AssertSame(call.Caller.Speech, call.Called.Heard);
            AssertSame(call.Called.Speech, call.Caller.Heard);
            Assert.True(call.Caller.HasHeardEnd && call.Called.HasHeardEnd);
        }

        Assert.All(links, link => Assert.Equal(0, link.Link.StreamCount));
        Assert.All(links, link => Assert.Equal(0, link.Memory.Held));
        Assert.All(links, link => Assert.False(link.IsClosed));
        Assert.All(links, link => Assert.Equal((16, 16, 0, 0), Totals(link)));
        long spoken = gateways.Calls.Sum(call => (long)call.Caller.Speech.Length + call.Called.Speech.Length);
        Assert.Equal(spoken, links.Sum(link => link.RelayLoop.Totals.BytesToLinks));
        Assert.Equal(spoken, links.Sum(link => link.RelayLoop.Totals.BytesFromLinks));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_reset_hurts_nobody_else_and_what_had_arrived_was_right(int seed)
    {
        Random random = new(seed + 1000);
        Gateways gateways = Connect(random, out LinkUnderTest[] links);
        HashSet<Call> reset = [];
        List<(Application By, Application Other, int Said)> lastWords = [];
        for (int i = 0; i < 12; i++)
        {
            gateways.Open();
        }

        for (int step = 0; step < MostSteps && !gateways.IsIdle; step++)
        {
            if (random.Next(60) == 0 && reset.Count < 6)
            {
                Call victim = gateways.Calls[random.Next(gateways.Calls.Count)];
                Application side = victim.IsConnected && random.Next(2) == 0 ? victim.Called : victim.Caller;
                if (side.Socket.Active)
                {
                    if (reset.Add(victim) && victim.IsConnected)
                    {
                        lastWords.Add((side, side == victim.Caller ? victim.Called : victim.Caller, side.Said));
                    }
                    else
                    {
                        lastWords.RemoveAll(words => words.Other == side); // it will hear no more
                    }

                    side.Socket.ReceiveReset();
                }
            }

            gateways.Step();
            Loop.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.NotEmpty(reset);
        Assert.All(lastWords, words => Assert.True(
            words.Other.Heard.Length >= words.Said, $"{words.Said} bytes were said before the reset, {words.Other.Heard.Length} of them heard"));
        foreach (Call call in gateways.Calls)
        {
            Assert.True(call.IsOver || !call.IsConnected);
            AssertPrefix(call.Caller.Speech, call.Called.Heard, mustBeAll: !reset.Contains(call));
            AssertPrefix(call.Called.Speech, call.Caller.Heard, mustBeAll: !reset.Contains(call));
        }

        Assert.All(links, link => Assert.Equal(0, link.Link.StreamCount));
        Assert.All(links, link => Assert.Equal(0, link.Memory.Held));
        Assert.All(links, link => Assert.False(link.IsClosed));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void When_the_link_is_lost_in_the_middle_every_call_is_reset_and_every_buffer_given_back(int seed)
    {
        Random random = new(seed + 2000);
        Gateways gateways = Connect(random, out LinkUnderTest[] links);
        for (int i = 0; i < 10; i++)
        {
            gateways.Open();
        }

        int steps = random.Next(100, 3000);
        for (int step = 0; step < steps; step++)
        {
            gateways.Step();
        }

        links[random.Next(2)].Link.Close(GoAwayReason.Shutdown, "", tellPeer: false);
        Assert.All(links, link => link.Socket.ReceiveReset());
        Loop.RunTasks();
        foreach (Call call in gateways.Calls)
        {
            AssertPrefix(call.Caller.Speech, call.Called.Heard, mustBeAll: false);
            AssertPrefix(call.Called.Speech, call.Caller.Heard, mustBeAll: false);
        }

        Assert.All(links, link => Assert.Equal(0, link.Link.StreamCount));
    }

    private static (long Opened, long Ended, long Reset, long Breaches) Totals(LinkUnderTest link) => (
        link.RelayLoop.Totals.StreamsOpened, link.RelayLoop.Totals.StreamsEnded, link.RelayLoop.Totals.StreamsReset, link.RelayLoop.Totals.Breaches);

    private static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        AssertPrefix(expected, actual, mustBeAll: true);
    }

    private static void AssertPrefix(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, bool mustBeAll)
    {
        int common = expected.CommonPrefixLength(actual);
        Assert.True(common == actual.Length, $"wrong from byte {common} of {actual.Length} on");
        Assert.True(!mustBeAll || common == expected.Length, $"only {common} of {expected.Length} bytes came");
    }

    private Gateways Connect(Random random, out LinkUnderTest[] links)
    {
        LinkSettings settings = new() { PeerMaxPayload = random.Next(2) == 0 ? 16_384 : new PipelineOptions().MaxPayload };
        LinkUnderTest dialler = NewLink(settings);
        LinkUnderTest listener = NewLink(settings with { Dialled = false, Name = "site-b", Peer = "site-a" });
        links = [dialler, listener];
        dialler.Socket.Headroom = random.Next(0, 16);
        return new Gateways(dialler, listener, NewSocket, MostBytes, random);
    }
}
