using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.TestKit.Time;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>How much of a loop's time receiving datagrams may take.</summary>
public sealed class ReceivingShareTests
{
    private static readonly TimeSpan Batch = TimeSpan.FromMicroseconds(500);

    private readonly ManualTime _time = new();
    private readonly LoopTotals _totals = new();
    private readonly LoopTotals _others = new();
    private readonly StreamActivity _all = new();
    private readonly DatagramShare _share;

    public ReceivingShareTests()
    {
        _all.Add(_totals);
        _all.Add(_others);
        _share = new DatagramShare(_totals, _all, _time);
        _time.Advance(TimeSpan.FromHours(1));
    }

    [Fact]
    public void With_no_stream_moving_there_is_no_pause()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, _share.Begin());
            Receive();
        }
    }

    [Fact]
    public void Beside_streams_a_flood_gets_a_tenth()
    {
        TimeSpan start = _time.GetElapsedTime(0);
        TimeSpan received = TimeSpan.Zero;
        for (int i = 0; i < 200; i++)
        {
            _totals.BytesToLinks++;
            TimeSpan pause = _share.Begin();
            if (pause > TimeSpan.Zero)
            {
                _time.Advance(pause);
                continue;
            }

            Receive();
            received += Batch;
        }

        double part = received / (_time.GetElapsedTime(0) - start);
        Assert.InRange(part, 0.09, 0.13);
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(1_000, false)]
    public void Streams_of_other_loops_count_when_they_move_much(int bytesPerMillisecond, bool isLimited)
    {
        TimeSpan paused = TimeSpan.Zero;
        for (int i = 0; i < 1000; i++)
        {
            TimeSpan pause = _share.Begin();
            paused += pause;
            TimeSpan before = _time.GetElapsedTime(0);
            if (pause > TimeSpan.Zero)
            {
                _time.Advance(pause);
            }
            else
            {
                Receive();
            }

            _others.BytesToLinks += (long)(bytesPerMillisecond * (_time.GetElapsedTime(0) - before).TotalMilliseconds);
        }

        Assert.Equal(isLimited, paused > TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_few_datagrams_beside_streams_are_not_put_off()
    {
        for (int i = 0; i < 100; i++)
        {
            _totals.BytesFromLinks++;
            Assert.Equal(TimeSpan.Zero, _share.Begin());
            _time.Advance(TimeSpan.FromMicroseconds(50));
            _share.End();
            _time.Advance(TimeSpan.FromMicroseconds(500));
        }
    }

    [Fact]
    public void What_was_received_while_nothing_moved_is_not_held_against_it()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, _share.Begin());
            Receive();
        }

        _totals.BytesDirect++;
        Assert.InRange(_share.Begin(), TimeSpan.Zero, Batch * 9);
    }

    [Fact]
    public void A_pause_ends_when_the_streams_stand_still()
    {
        _totals.BytesToLinks++;
        Assert.Equal(TimeSpan.Zero, _share.Begin());
        _time.Advance(TimeSpan.FromMilliseconds(4));
        _share.End();
        _totals.BytesToLinks++;
        Assert.InRange(_share.Begin(), TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(36));
        _time.Advance(TimeSpan.FromMilliseconds(6));
        Assert.Equal(TimeSpan.Zero, _share.Begin());
    }

    private void Receive()
    {
        _time.Advance(Batch);
        _share.End();
    }
}
