using System.Text;
using System.Text.RegularExpressions;

namespace IgsNetty.Gateway.Certificates;

/// <summary>
/// Reads PEM as people have it: with a byte order mark, with text between the blocks, and with files joined without a newline.
/// Every BEGIN line gives a block, or a block with a fault: nothing is left out silently.
/// </summary>
internal static partial class PemFile
{
    /// <returns>All blocks, in the order of the file.</returns>
    public static IReadOnlyList<PemBlock> Read(byte[] content)
    {
        string text = Decode(content);
        List<PemBlock> blocks = [];
        int line = 1;
        int counted = 0;
        Match begin = Begin().Match(text);
        while (begin.Success)
        {
            line += text.AsSpan(counted, begin.Index - counted).Count('\n');
            counted = begin.Index;
            int start = begin.Index + begin.Length;
            Match next = Begin().Match(text, start);
            blocks.Add(ReadBlock(begin, text[start..(next.Success ? next.Index : text.Length)], line));
            begin = next;
        }

        return blocks;
    }

    private static PemBlock ReadBlock(Match begin, string rest, int line)
    {
        string label = begin.Groups["label"].Value.Trim().ToUpperInvariant();
        if (begin.Value != $"-----BEGIN {label}-----")
        {
            return Fault($"the BEGIN line is damaged, it must be -----BEGIN {label}-----");
        }

        int end = rest.IndexOf($"-----END {label}-----", StringComparison.Ordinal);
        if (end < 0)
        {
            return Fault($"there is no line -----END {label}----- to it");
        }

        string body = rest[..end];
        if (body.Contains(':', StringComparison.Ordinal))
        {
            return new PemBlock(label, line, [], "") { HasHeaders = true };
        }

        byte[] content = new byte[body.Length];
        return Convert.TryFromBase64String(body, content, out int length)
            ? new PemBlock(label, line, content[..length], "")
            : Fault("its content is not base64");

        PemBlock Fault(string why) => new(label, line, [], why);
    }

    // UTF-16 is what some shells of Windows write.
    private static string Decode(byte[] content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(content, 3, content.Length - 3),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content, 2, content.Length - 2),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content, 2, content.Length - 2),
        _ => Encoding.UTF8.GetString(content),
    };

    // A right BEGIN line, or one that was meant to be one. Five dashes may be the end of the line before.
    [GeneratedRegex(
        @"-----BEGIN (?<label>[A-Z0-9 ]+)-----|[-–—][ \t]*BEGIN[ \t]+(?<label>[A-Z0-9 ]*(CERTIFICATE|KEY|PKCS7|CRL)\b)[ \t]*[-–—]*",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Begin();
}
