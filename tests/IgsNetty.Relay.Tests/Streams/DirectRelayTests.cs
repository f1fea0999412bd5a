using DotNetty.Buffers;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>Two applications joined with no link between.</summary>
public sealed class DirectRelayTests : RelayTest
{
    private readonly RelayLoop _relay;
    private readonly EmbeddedStreamSocket _caller;
    private readonly EmbeddedStreamSocket _target;

    public DirectRelayTests()
    {
        _relay = new RelayLoop(Loop, TimeSpan.Zero, Udp.Context(new FakeTransport()));
        _caller = NewSocket();
        _target = NewSocket();
    }

    [Fact]
    public void Bytes_go_both_ways()
    {
        Join(Buffers.Holding([1, 2]));
        _caller.Receive([3, 4]);
        _target.Receive([5, 6, 7]);
        Loop.RunTasks();
        Assert.Equal([1, 2, 3, 4], _target.Output.Take());
        Assert.Equal([5, 6, 7], _caller.Output.Take());
        Assert.Equal(7, _relay.Totals.BytesDirect);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_side_ends_and_the_other_goes_on(bool callerFirst)
    {
        Join();
        (EmbeddedStreamSocket first, EmbeddedStreamSocket second) = callerFirst ? (_caller, _target) : (_target, _caller);
        first.Receive([1]);
        first.ReceiveEnd();
        Loop.RunTasks();
        Assert.Equal([1], second.Output.Take());
        Assert.True(second.IsOutputShut);
        Assert.False(first.IsOutputShut);

        second.Receive([2, 3]);
        second.ReceiveEnd();
        Loop.RunTasks();
        Assert.Equal([2, 3], first.Output.Take());
        AssertOver(aborted: false);
        Assert.True(first.IsOutputShut);
    }

    [Fact]
    public void An_end_waits_for_what_is_before_it()
    {
        Join();
        _target.Output.Room = 2;
        _caller.Receive([1, 2, 3, 4]);
        _caller.ReceiveEnd();
        Loop.RunTasks();
        Assert.False(_target.IsOutputShut);
        _target.Output.Drain(2);
        Loop.RunTasks();
        Assert.True(_target.IsOutputShut);
        Assert.Equal([1, 2, 3, 4], _target.Output.Take());
        Assert.True(_target.Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_slow_side_stops_the_reading_of_the_other_only(bool slowTarget)
    {
        Join();
        (EmbeddedStreamSocket slow, EmbeddedStreamSocket fast) = slowTarget ? (_target, _caller) : (_caller, _target);
        slow.Output.Room = 1000;
        for (int i = 0; i < 10; i++)
        {
            fast.Receive(RandomBytes.Make(i, 900));
        }

        slow.Receive([1, 2, 3]);
        Loop.RunTasks();
        Assert.False(fast.IsReading);
        Assert.Equal(8 * 900, fast.UnreadBytes);
        Assert.True(slow.IsReading);
        Assert.Equal([1, 2, 3], fast.Output.Take());

        slow.Output.TellsPieces = true;
        slow.Output.Drain(799);
        Loop.RunTasks();
        Assert.False(fast.IsReading);
        slow.Output.Drain(long.MaxValue);
        Loop.RunTasks();
        Assert.True(fast.IsReading);
        Assert.Equal(9000, slow.Output.Take().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reset_resets_the_other_side(bool caller)
    {
        Join();
        (EmbeddedStreamSocket one, EmbeddedStreamSocket other) = caller ? (_caller, _target) : (_target, _caller);
        other.Output.Room = 1;
        one.Receive([1, 2, 3]);
        Loop.RunTasks();
        one.ReceiveReset();
        Loop.RunTasks();
        Assert.False(other.IsAborted); // it is still to get two bytes
        Assert.True(other.IsResetOnClose);
        Assert.False(other.IsReading);
        other.Output.Drain(2);
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([1, 2, 3], other.Output.Take());
        Assert.True(other.IsAborted);
        Assert.False(other.IsOutputShut);
        AssertOver(aborted: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reset_waits_until_the_other_sides_system_has_all(bool isTold)
    {
        Join();
        _target.UnacknowledgedBytes = isTold ? 3 : null;
        _caller.Receive([1, 2, 3]);
        _caller.ReceiveReset();
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(_target.Active);
        Loop.Advance(TimeSpan.FromSeconds(isTold ? 20 : 1));
        Assert.Equal(isTold, _target.Active); // where the system does not tell, it waits a moment
        _target.UnacknowledgedBytes = 0;
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(_target.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void A_reset_does_not_wait_for_ever()
    {
        Join();
        _target.Output.Room = 1;
        _caller.Receive([1, 2, 3]);
        _caller.ReceiveReset();
        Loop.Advance(DueResets.Patience - TimeSpan.FromSeconds(1));
        Assert.True(_target.Active);
        _target.Output.TellsPieces = true;
        _target.Output.Drain(1); // it moves: as long again
        Loop.Advance(DueResets.Patience - TimeSpan.FromSeconds(1));
        Assert.True(_target.Active);
        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_target.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void Bytes_that_came_with_a_caller_who_is_gone_reach_the_target()
    {
        _ = _caller.CloseAsync();
        Loop.RunTasks();
        Join(Buffers.Holding([1, 2]));
        Assert.Equal([1, 2], _target.Output.Take());
        Assert.True(_target.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void A_reset_after_the_end_of_the_other_side()
    {
        Join();
        _caller.ReceiveEnd();
        Loop.RunTasks();
        _target.ReceiveReset();
        Loop.RunTasks();
        Assert.True(_caller.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void Bytes_that_were_read_in_the_same_turn_as_the_reset_are_given_back()
    {
        Join();
        _ = _relay.ResetDirectCallsAsync();
        Loop.Execute(() => _target.Pipeline.FireChannelRead(Buffers.Holding([1, 2, 3])));
        Loop.RunTasks();
        AssertOver(aborted: true);
    }

    [Fact]
    public void A_side_that_is_gone_before_it_begins()
    {
        _ = _target.CloseAsync();
        Loop.RunTasks();
        Join(Buffers.Holding([1, 2]));
        Loop.RunTasks();
        Assert.True(_caller.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void A_half_closed_call_that_falls_silent_expires()
    {
        Join();
        Loop.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_target.Active);
        _target.ReceiveEnd();
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_caller.IsAborted);
        Assert.True(_target.IsAborted);
        AssertOver(aborted: true);
    }

    [Fact]
    public void When_the_gateway_stops_calls_are_reset()
    {
        Join();
        _ = _relay.ResetDirectCallsAsync();
        Loop.RunTasks();
        Assert.True(_caller.IsAborted);
        Assert.True(_target.IsAborted);
        AssertOver(aborted: true);
    }

    private void AssertOver(bool aborted)
    {
        Assert.False(_caller.Active);
        Assert.False(_target.Active);
        Assert.Equal(aborted ? 1 : 0, _relay.Totals.StreamsReset);
        Assert.Equal(1, _relay.Totals.StreamsOpened);
        Assert.Equal(1, _relay.Totals.StreamsEnded);
        Assert.Empty(_relay.Direct);
    }

    private void Join(IByteBuffer? first = null)
    {
        DirectRelay.Join(_relay, _caller, _target, first);
        Loop.RunTasks();
    }
}
