using System.Buffers.Binary;
using IgsNetty.Perf.FarLink;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class FarScheduleTests
{
    private const int Microseconds = 1_000_000;

    [Fact]
    public void A_packet_takes_its_time_on_the_wire_and_half_of_the_round_trip()
    {
        FarSchedule link = Of("60ms,8mbit,0%"); // a byte takes a microsecond
        Assert.Equal(31_000, link.Take(now: 0, bytes: 1000));
        Assert.Equal(32_500, link.Take(now: 0, bytes: 1500)); // behind the first
        Assert.Equal(50_000 + 31_000, link.Take(now: 50_000, bytes: 1000)); // alone
    }

    [Fact]
    public void What_comes_faster_than_the_rate_leaves_at_the_rate()
    {
        FarSchedule link = Of("10ms,80mbit,0%"); // 10 bytes a microsecond
        long[] due = [.. Enumerable.Range(0, 100).Select(i => link.Take(now: i, bytes: 1250)!.Value)];
        Assert.All(due.Zip(due.Skip(1)), pair => Assert.Equal(125, pair.Second - pair.First));
    }

    [Theory]
    [InlineData("60ms,8mbit,0%", 61)]
    [InlineData("500ms,8mbit,0%", 501)]
    [InlineData("1ms,8mbit,0%", 21)]
    [InlineData("0ms,8mbit,0%", 21)]
    public void The_queue_holds_a_round_trip_or_a_burst_and_no_more(string path, int taken)
    {
        FarSchedule link = Of(path);
        Assert.Equal(taken, Enumerable.Range(0, 2 * taken).Count(_ => link.Take(now: 0, bytes: 1000) is not null));
        Assert.Null(link.Take(now: 999, bytes: 1000));
        Assert.NotNull(link.Take(now: 1000, bytes: 1000)); // one has left
        Assert.Null(link.Take(now: 1000, bytes: 1000));
    }

    [Theory]
    [InlineData("60ms,1gbit,0%", 0, 0)]
    [InlineData("60ms,1gbit,0.1%", 60, 140)]
    [InlineData("60ms,1gbit,10%", 9_600, 10_400)]
    [InlineData("60ms,1gbit,50%", 49_000, 51_000)]
    public void As_many_are_lost_as_it_says(string path, int least, int most)
    {
        FarSchedule link = Of(path);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => link.Take(now: i * 1000L, bytes: 1500) is null), least, most);
    }

    [Fact]
    public void A_lost_packet_takes_no_time_on_the_wire()
    {
        FarSchedule link = Of("60ms,8mbit,50%");
        long[] due = [.. Enumerable.Range(0, 40).Select(_ => link.Take(now: 0, bytes: 1000)).OfType<long>()];
        Assert.InRange(due.Length, 5, 35);
        Assert.Equal(Enumerable.Range(1, due.Length).Select(i => 30_000 + (1000L * i)), due);
    }

    [Theory]
    [InlineData(1500, 0, 1500)]
    [InlineData(52 + 1448, 1448, 1500)]
    [InlineData(52 + 1449, 1448, 1501 + 52)]
    [InlineData(52 + (3 * 1448), 1448, 3 * 1500)]
    public void Segments_that_came_as_one_have_headers_each(int packet, int segment, int bytes)
    {
        byte[] read = new byte[TunDevice.HeaderSize + packet];
        BinaryPrimitives.WriteUInt16LittleEndian(read.AsSpan(4), (ushort)segment);
        Assert.Equal(bytes, FarSchedule.BytesOnWire(read));
    }

    [Theory]
    [InlineData("60ms,1gbit,0.1%", 60, 1e9, 0.001)]
    [InlineData(" 0ms , 100kbit , 50% ", 0, 1e5, 0.5)]
    [InlineData("12.5MS,2.5Gbit,0%", 12.5, 2.5e9, 0)]
    public void A_path_is_read(string text, double milliseconds, double bits, double loss)
    {
        FarPath path = FarPath.TryParse(text)!;
        Assert.Equal(milliseconds, path.RoundTrip.TotalMilliseconds, 1e-9);
        Assert.Equal(bits, path.BitsPerSecond);
        Assert.Equal(loss, path.Loss, 1e-12);
    }

    [Theory]
    [InlineData("")]
    [InlineData("60ms,1gbit")]
    [InlineData("60ms,1gbit,0%,1")]
    [InlineData("60,1gbit,0%")]
    [InlineData("60ms,1000,0%")]
    [InlineData("60ms,1gbit,0")]
    [InlineData("-1ms,1gbit,0%")]
    [InlineData("1001ms,1gbit,0%")]
    [InlineData("60ms,11gbit,0%")]
    [InlineData("60ms,1kbit,0%")]
    [InlineData("60ms,1gbit,51%")]
    [InlineData("60ms,NaNgbit,0%")]
    public void A_text_that_is_no_path_is_none(string text) => Assert.Null(FarPath.TryParse(text));

    private static FarSchedule Of(string path) => new(FarPath.TryParse(path)!, Microseconds, new Random(1));
}
