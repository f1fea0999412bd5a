using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway.Logging;

/// <summary>The form of a log line: time in UTC, level, category, event ID, message.</summary>
internal static class LogLine
{
    /// <summary>Longer ones are cut, so that one message cannot fill the queue.</summary>
    internal const int MaxChars = 16 * 1024;

    private const string Cut = " (cut)";

    /// <returns>One line with its newline.</returns>
    public static string Format(DateTimeOffset time, LogLevel level, string category, int eventId, string message, Exception? exception = null)
    {
        StringBuilder line = new(message.Length + 80);
        line.Append(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)}: {category}[{eventId}] ");
        AppendOnOneLine(line, message);
        if (exception is not null)
        {
            line.Append(' ');
            AppendOnOneLine(line, exception.ToString());
        }

        if (line.Length > MaxChars)
        {
            line.Length = MaxChars;
            line.Append(Cut);
        }

        return line.Append('\n').ToString();
    }

    // A newline would forge an entry, and another control character steers a terminal.
    private static void AppendOnOneLine(StringBuilder line, string text)
    {
        foreach (char c in text.ReplaceLineEndings(" "))
        {
            if (char.IsControl(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                line.Append(c);
            }
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
