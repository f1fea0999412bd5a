using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>
/// Reads the configuration file: JSON with comments and trailing commas. It walks the file itself, not through the JSON
/// provider, because that one stops at the first duplicate key and forgets lines and what was a section or a list.
/// </summary>
internal sealed class JsonConfigurationFile
{
    /// <summary>Far above any sane configuration; guards against the wrong file.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const int MostDepth = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly byte[] _json;
    private readonly ReadingContext _context;
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private int _lineStart;
    private int _line = 1;

    private JsonConfigurationFile(string path, byte[] json, ReadingContext context)
    {
        _path = path;
        _json = json;
        _context = context;
    }

    /// <summary>Reads the values by key; what is wrong goes to <paramref name="context"/>.</summary>
    /// <returns>Null when the file cannot be read at all.</returns>
    public static IReadOnlyDictionary<string, string?>? Read(string path, ReadingContext context)
    {
        if (!BoundedFile.TryRead(path, MostBytes, out byte[] json, out string error))
        {
            context.Error(path.Length == 0 ? "--config" : path, $"{error}; name a configuration file that this user can read");
            return null;
        }

        json = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        JsonConfigurationFile file = new(path, json, context);
        return file.TryWalk() ? file._values : null;
    }

    private bool TryWalk()
    {
        try
        {
            StrictUtf8.GetCharCount(_json);
            Utf8JsonReader reader = new(_json, new JsonReaderOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                MaxDepth = MostDepth,
            });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                _context.Error(_path, "it must hold one section { … }, not a list or a single value");
                return false;
            }

            WalkSection(ref reader, "", reported: false);
            reader.Read(); // Throws when anything stands after the end.
            return true;
        }
        catch (DecoderFallbackException)
        {
            _context.Error(_path, "it is not UTF-8 text; save it as UTF-8");
        }
        catch (JsonException exception)
        {
            _context.Error(_path, JsonSyntaxError.Describe(_json, exception));
        }
        catch (InvalidOperationException)
        {
            _context.Error(_path, "a text holds half a character (a lone \\ud800 to \\udfff); write the whole character");
        }

        return false;
    }

    private void WalkSection(ref Utf8JsonReader reader, string path, bool reported)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            int line = LineOf(reader.TokenStartIndex);
            reader.Read();
            WalkValue(ref reader, path.Length == 0 ? name : $"{path}:{name}", line, reported);
        }
    }

    private void WalkList(ref Utf8JsonReader reader, string path, bool reported)
    {
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            int line = LineOf(reader.TokenStartIndex);
            WalkValue(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}:{index}"), line, reported);
        }
    }

    private void WalkValue(ref Utf8JsonReader reader, string path, int line, bool reported)
    {
        JsonNode node = new(path, ShapeOf(reader.TokenType), line);
        if (_context.Record(node) is { } earlier && !reported)
        {
            // What is inside a second section of the same name is not worth an error of its own.
            reported = true;
            _context.Error(
                path,
                $"stands twice in {_path}, in lines {earlier.Line} and {line}; keep one of them (keys compare without regard to case)");
        }

        // A key without a value of its own still stands in the file: an empty section, or an entry { } of a list.
        _values[path] = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WalkSection(ref reader, path, reported);
                break;
            case JsonTokenType.StartArray:
                WalkList(ref reader, path, reported);
                break;
            case JsonTokenType.Null:
                _context.Error(path, "must not be null; write a value, or leave the key away to have its default");
                break;
            default:
                _values[path] = ValueOf(ref reader);
                break;
        }
    }

    /// <summary>The line of a byte that is not before the one asked for last.</summary>
    private int LineOf(long position)
    {
        _line += _json.AsSpan(_lineStart..(int)position).Count((byte)'\n');
        _lineStart = (int)position;
        return _line;
    }

    private static JsonShape ShapeOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonShape.Section,
        JsonTokenType.StartArray => JsonShape.List,
        _ => JsonShape.Value,
    };

    private static string ValueOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };
}
