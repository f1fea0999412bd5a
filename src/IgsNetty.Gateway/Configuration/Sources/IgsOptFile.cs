using System.Globalization;
using System.Text;

namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>
/// The original product's <c>igsopt.conf</c>. Its one documented key, <c>igsproxyoption on|off</c>, opens or closes the
/// proxy port: here it sets <c>Proxy:Enabled</c>. Lines are <c>key value</c> or <c>key=value</c>; <c>#</c> starts a comment;
/// CR, LF or both end a line. A line that may have meant to close the proxy is an error, because a warning leaves the proxy open.
/// </summary>
internal static class IgsOptFile
{
    private const string ProxyOption = "igsproxyoption";
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads the settings by configuration key; what is wrong or not understood goes to <paramref name="context"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Read(string path, ReadingContext context)
    {
        Dictionary<string, string?> settings = [];
        if (!BoundedFile.TryRead(path, MostBytes, out byte[] content, out string error))
        {
            context.Error(path.Length == 0 ? "--igsopt" : path, $"{error}; name an igsopt.conf that this user can read");
            return settings;
        }

        if (content.Contains((byte)0))
        {
            // UTF-16 and UTF-32 write the option's name with zeros.
            context.Error(path, "is not a text file of ASCII or UTF-8 (it has bytes of zero); save it as ASCII or UTF-8");
            return settings;
        }

        // Existing files have comments in Shift-JIS: their ASCII bytes are all that matters here, and Latin-1 keeps them. Its other
        // line ends, such as NEL, are bytes of Shift-JIS characters.
        byte[] bytes = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        int number = 0;
        foreach (string line in Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            number++;
            ReadLine(line, string.Create(CultureInfo.InvariantCulture, $"{path}:{number}"), settings, context);
        }

        return settings;
    }

    private static void ReadLine(string line, string place, Dictionary<string, string?> settings, ReadingContext context)
    {
        string text = line.Split('#')[0].Trim(' ', '\t');
        if (text.Length == 0)
        {
            return;
        }

        int end = text.IndexOfAny([' ', '\t', '=']);
        string key = end < 0 ? text : text[..end];
        string value = end < 0 ? "" : text[end..].Trim(' ', '\t');
        value = value.StartsWith('=') ? value[1..].Trim(' ', '\t') : value;
        if (key.Any(character => character is <= ' ' or > '~'))
        {
            context.Error(
                place, $"{Quoted.Text(key)} has characters other than ASCII, such as a full-width blank; write the key and its blanks in ASCII");
            return;
        }

        if (!string.Equals(key, ProxyOption, StringComparison.OrdinalIgnoreCase))
        {
            if (text.Contains(ProxyOption, StringComparison.OrdinalIgnoreCase) || Spelling.Nearest(key, [ProxyOption]) is not null)
            {
                context.Error(place, $"{Quoted.Text(key)} is not a known key; did you mean {ProxyOption}? A comment begins with #");
                return;
            }

            context.Warning(place, $"{Quoted.Text(key)} is not known and is left out; of igsopt.conf only {ProxyOption} is read");
            return;
        }

        bool on = string.Equals(value, "on", StringComparison.OrdinalIgnoreCase);
        if (!on && !string.Equals(value, "off", StringComparison.OrdinalIgnoreCase))
        {
            context.Error(place, $"{ProxyOption} must be on or off, not {Quoted.Text(value)}");
            return;
        }

        if (!settings.TryAdd("Proxy:Enabled", on ? "true" : "false"))
        {
            settings["Proxy:Enabled"] = on ? "true" : "false";
            context.Warning(place, $"{ProxyOption} stands in the file twice; this line counts");
        }
    }
}
