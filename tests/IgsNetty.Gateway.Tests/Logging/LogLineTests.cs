using IgsNetty.Gateway.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IgsNetty.Gateway.Tests.Logging;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 12, 0, 0, 123, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "fail")]
    public void A_line_has_time_in_utc_level_category_event_and_message(LogLevel level, string name) =>
        Assert.Equal($"2026-01-31T10:00:00.123Z {name}: IgsNetty.Links[2002] Link is lost\n", Line("Link is lost", level));

    [Theory]
    [InlineData("one\ntwo", "one two")]
    [InlineData("one\r\ntwo", "one two")]
    [InlineData("red \u001b[31m", @"red \u001B[31m")]
    public void A_message_forges_no_line_and_steers_no_terminal(string message, string shown) =>
        Assert.EndsWith($" {shown}\n", Line(message), StringComparison.Ordinal);

    [Fact]
    public void An_exception_is_on_the_same_line()
    {
        string line = LogLine.Format(Time, LogLevel.Error, "c", 1, "failed", new InvalidOperationException("broken\nhere"));

        Assert.EndsWith("c[1] failed System.InvalidOperationException: broken here\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_cut_at_its_limit()
    {
        string line = Line(new string('x', 1_000_000));

        Assert.InRange(line.Length, LogLine.MaxChars, LogLine.MaxChars + 10);
        Assert.EndsWith(" (cut)\n", line, StringComparison.Ordinal);
    }

    private static string Line(string message, LogLevel level = LogLevel.Information) => LogLine.Format(Time, level, "IgsNetty.Links", 2002, message);
}
