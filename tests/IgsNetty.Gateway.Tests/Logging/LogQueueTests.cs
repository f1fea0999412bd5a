using System.Globalization;
using IgsNetty.Gateway.Logging;
using Xunit;

namespace IgsNetty.Gateway.Tests.Logging;

public sealed class LogQueueTests : IDisposable
{
    private const int Room = 1000;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly StuckStream _stream = new();

    public void Dispose()
    {
        _stream.Read();
        _stream.Dispose();
    }

    [Fact]
    public void Lines_are_written_in_their_order_and_all_of_them_before_the_end()
    {
        _stream.Read();
        string[] lines = [.. Enumerable.Range(0, 500).Select(Line)];
        using (LogQueue queue = Queue(Long, maxChars: 1_000_000))
        {
            Array.ForEach(lines, queue.Add);
        }

        Assert.Equal(string.Concat(lines), _stream.Text);
    }

    [Fact]
    public void A_stream_that_takes_nothing_holds_up_no_caller_and_what_is_dropped_is_told()
    {
        const int Count = 10_000;
        using (LogQueue queue = Queue(Long))
        {
            for (int i = 0; i < Count; i++)
            {
                queue.Add(Line(i)); // would not return
            }

            _stream.Read();
        }

        string[] written = _stream.Text.TrimEnd('\n').Split('\n');
        int lines = written.Count(line => line.StartsWith("line", StringComparison.Ordinal));
        int dropped = written.Where(line => line.StartsWith("dropped ", StringComparison.Ordinal)).Sum(line => int.Parse(line[8..], CultureInfo.InvariantCulture));
        Assert.InRange(lines, 1, Count / 10);
        Assert.Equal(Count, lines + dropped);
        Assert.Equal(Line(0), $"{written[0]}\n");
    }

    [Fact]
    public void The_notice_stands_between_the_lines_before_and_after_the_gap()
    {
        using (LogQueue queue = Queue(Long))
        {
            queue.Add("first\n");
            _stream.WaitForWrite();
            queue.Add(new string('x', Room) + "\n");
            queue.Add("second\n");
            _stream.Read();
        }

        Assert.Equal("first\ndropped 1\nsecond\n", _stream.Text);
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_reader_that_does_not_come()
    {
        LogQueue queue = Queue(TimeSpan.FromMilliseconds(1));
        queue.Add("first\n");
        _stream.WaitForWrite();

        await Task.Run(queue.Dispose).WaitAsync(Long);

        queue.Add("late\n");
        Assert.DoesNotContain("late", _stream.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_could_not_be_written_are_counted_too_and_writing_goes_on()
    {
        using (LogQueue queue = Queue(Long))
        {
            _stream.Fault = new IOException("No space left on device");
            _stream.Read();
            queue.Add("lost\n");
            Assert.True(SpinWait.SpinUntil(() => queue.HasFailed, Long));
            _stream.Fault = null;
            queue.Add("after\n");
        }

        Assert.Equal("dropped 1\nafter\n", _stream.Text);
    }

    private static string Line(int number) => $"line {number}\n";

    private LogQueue Queue(TimeSpan flushLimit, int maxChars = Room) =>
        new(_stream, count => $"dropped {count}\n", flushLimit, maxChars);
}
