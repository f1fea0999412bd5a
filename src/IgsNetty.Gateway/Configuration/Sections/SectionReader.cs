using IgsNetty.Gateway.Configuration.Sources;
using Microsoft.Extensions.Configuration;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>
/// Reads the keys of one section, one by one. What is wrong goes to the context under the key's full name, and reading
/// goes on, to find the next error too. It remembers which keys were asked for: <see cref="Complete"/> reports the others.
/// </summary>
internal sealed class SectionReader
{
    private readonly IConfiguration _configuration;
    private readonly ReadingContext _context;
    private readonly string _path;
    private readonly List<string> _asked = [];
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The top section.</summary>
    public SectionReader(IConfiguration configuration, ReadingContext context)
        : this(configuration, context, "")
    {
    }

    private SectionReader(IConfiguration configuration, ReadingContext context, string path)
    {
        _configuration = configuration;
        _context = context;
        _path = path;
    }

    /// <summary>The name from the top of a key of this section, or of a key below it (<c>Dial:0:Peer</c>).</summary>
    public string FullKey(string key) => _path.Length == 0 ? key : $"{_path}:{key}";

    public void Error(string key, string message) => _context.Error(FullKey(key), message);

    public void Warning(string key, string message) => _context.Warning(FullKey(key), message);

    /// <summary>Does any source say anything about this key, right or wrong?</summary>
    public bool Has(string key) => IsWritten(Ask(key));

    /// <summary>Does any source have keys below this one?</summary>
    public bool HasBelow(string key) => Ask(key).GetChildren().Any();

    /// <summary>Does the file have a list here, and no source an entry of it?</summary>
    public bool IsEmptyList(string key) => FileShape(key) == JsonShape.List && !HasBelow(key);

    /// <summary>The value of a key; null when it has none, or (reported) when it is a section or a list.</summary>
    public string? Text(string key)
    {
        IConfigurationSection section = Ask(key);
        if (FileShape(key) is JsonShape.Section or JsonShape.List || section.GetChildren().Any())
        {
            Error(key, "must be a single value, not a section { … } or a list [ … ]");
            return null;
        }

        return section.Value;
    }

    /// <summary>As <see cref="Text"/>; a key that is missing is reported with what would be right.</summary>
    public string? Required(string key, string right)
    {
        if (Has(key))
        {
            return Text(key);
        }

        Error(key, $"is missing; {right}");
        return null;
    }

    /// <summary>A section below. One of the wrong shape is reported, and reads as empty.</summary>
    public SectionReader Section(string key)
    {
        TrySection(key, out SectionReader section);
        return section;
    }

    /// <summary>The entries of a list of sections, each with its key for this reader. Others are reported and left out.</summary>
    public IReadOnlyList<(string Entry, SectionReader Reader)> Sections(string key)
    {
        List<(string Entry, SectionReader Reader)> sections = [];
        foreach (string entry in Entries(key))
        {
            if (TrySection(entry, out SectionReader section))
            {
                sections.Add((entry, section));
            }
        }

        return sections;
    }

    /// <summary>The entries of a list, in order, each as a key for this reader: <c>Listen:0</c>, <c>Listen:1</c>.</summary>
    public IReadOnlyList<string> Entries(string key)
    {
        IConfigurationSection section = Ask(key);
        if (section.Value is not null || FileShape(key) == JsonShape.Section)
        {
            Error(key, $"must be a list [ … ], not {(section.Value is null ? "a section { … }" : "a single value")}");
            return [];
        }

        List<string> entries = [];
        foreach (string child in section.GetChildren().Select(c => c.Key))
        {
            if (child.Length > 0 && child.All(char.IsAsciiDigit))
            {
                entries.Add($"{key}:{child}");
            }
            else
            {
                Error($"{key}:{child}", $"must have a number in place of {Quoted.Text(child)}; the entries of a list are numbered from 0");
            }
        }

        return entries;
    }

    /// <summary>The keys of a section whose keys are the user's own words, spelled as in the file when it has them.</summary>
    public IReadOnlyList<string> Names(string key) =>
        [.. Section(key)._configuration.GetChildren().Select(c => _context.FileNode(c.Path)?.Path[^c.Key.Length..] ?? c.Key)];

    /// <summary>Reports a key that must not be here, if it is.</summary>
    public void Refuse(string key, string message)
    {
        _refused.Add(key);
        if (IsWritten(_configuration.GetSection(key)))
        {
            Error(key, message);
        }
    }

    /// <summary>Reports every key of this section that nothing asked for. Call it last.</summary>
    public void Complete()
    {
        foreach (string key in _configuration.GetChildren().Select(c => c.Key))
        {
            if (!_asked.Contains(key, StringComparer.OrdinalIgnoreCase) && !_refused.Contains(key))
            {
                string? near = Spelling.Nearest(key, _asked);
                string right = near is null ? $"known here: {string.Join(", ", _asked)}" : $"did you mean '{near}'?";
                Error(key, $"is not a known key; {right}");
            }
        }
    }

    private bool TrySection(string key, out SectionReader reader)
    {
        IConfigurationSection section = Ask(key);
        JsonShape? shape = FileShape(key);
        bool right = section.Value is null && shape is null or JsonShape.Section;
        reader = new SectionReader(right ? section : new ConfigurationBuilder().Build(), _context, FullKey(key));

        // A null in the file was reported where it stands; it is not wrong a second time.
        if (section.Value is not null || shape == JsonShape.List)
        {
            Error(key, $"must be a section {{ … }}, not {(shape == JsonShape.List ? "a list [ … ]" : "a single value")}");
        }

        return right;
    }

    private bool IsWritten(IConfigurationSection section) =>
        section.Value is not null || section.GetChildren().Any() || _context.FileNode(section.Path) is not null;

    private JsonShape? FileShape(string key) => _context.FileNode(FullKey(key))?.Shape;

    private IConfigurationSection Ask(string key)
    {
        string first = key.Split(':')[0];
        if (!_asked.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            _asked.Add(first);
        }

        return _configuration.GetSection(key);
    }
}
