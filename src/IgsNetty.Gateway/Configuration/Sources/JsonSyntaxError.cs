using System.Text;
using System.Text.Json;

namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>
/// Says in plain words where and why a file is not JSON. The parser's own messages name its options and quote the
/// file, which may hold passwords: here at most one character is quoted.
/// </summary>
internal static class JsonSyntaxError
{
    /// <summary>Line and column, counted from 1 in characters, and what would be right.</summary>
    public static string Describe(ReadOnlySpan<byte> json, JsonException exception)
    {
        ReadOnlySpan<byte> rest = json;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        int position = (int)Math.Min(exception.BytePositionInLine ?? 0, rest.Length);
        string where = $"line {(exception.LineNumber ?? 0) + 1}, column {Encoding.UTF8.GetCharCount(rest[..position]) + 1}";
        ReadOnlySpan<byte> before = json[..(json.Length - rest.Length + position)];
        return $"{where}: {Explain(before, Encoding.UTF8.GetString(rest[position..]))}";
    }

    private static string Explain(ReadOnlySpan<byte> before, string rest)
    {
        if (rest.AsSpan().Trim().IsEmpty)
        {
            return before.IndexOfAnyExcept(" \t\r\n"u8) < 0
                ? "the file is empty; it must hold a section { … }"
                : "the file ends too early; a closing '}', ']' or '\"' is missing";
        }

        char next = rest[0];
        char last = LastOf(before);
        return next switch
        {
            '\n' or '\r' => "the line ends inside a text; a text is closed by '\"' on the line where it began",
            '\t' => "a tab stands inside a text; write \\t",
            '/' when rest.StartsWith("/*", StringComparison.Ordinal) => "the comment that begins here is never closed by '*/'",
            '\'' => "single quotes do not hold a text; use '\"'",
            '"' when last is not ('{' or '[' or ',' or ':') => "a ',' is missing before this '\"'",
            '}' or ']' => $"this '{next}' does not fit here; a value is missing, or it closes what is not open",
            _ when last == '\\' => $"'\\{next}' means nothing in a text; write a backslash as \\\\",
            _ when char.IsLetter(next) =>
                $"'{next}' is not expected here; texts and keys stand in double quotes, and only true and false stand without",
            _ => $"'{(char.IsControl(next) ? '?' : next)}' is not expected here; check the quotes, commas, colons and brackets before it",
        };
    }

    private static char LastOf(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> text = before.TrimEnd(" \t\r\n"u8);
        return text.IsEmpty ? '{' : (char)text[^1];
    }
}
