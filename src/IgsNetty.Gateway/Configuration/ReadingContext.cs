using IgsNetty.Gateway.Configuration.Sources;

namespace IgsNetty.Gateway.Configuration;

/// <summary>What the readers of one load share: the errors and warnings so far, and what only the file itself can tell.</summary>
internal sealed class ReadingContext
{
    private readonly Dictionary<string, JsonNode> _fileNodes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<string> _warnings = [];

    public ReadingContext(string baseFolder) => BaseFolder = baseFolder;

    /// <summary>The folder that relative file names start from.</summary>
    public string BaseFolder { get; }

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="key">The key; one that the user made up may hold anything, and is shown on one line.</param>
    /// <param name="message">What is wrong, on one line.</param>
    public void Error(string key, string message) => _errors.Add(new ConfigurationError(Quoted.OneLine(key), Quoted.OneLine(message)));

    /// <inheritdoc cref="Error"/>
    public void Warning(string key, string message) => _warnings.Add(Quoted.OneLine($"{key}: {message}"));

    /// <summary>Records what stands in the configuration file.</summary>
    /// <returns>The node that stood there before under the same key, if any.</returns>
    public JsonNode? Record(JsonNode node)
    {
        JsonNode? earlier = FileNode(node.Path);
        _fileNodes.TryAdd(node.Path, node);
        return earlier;
    }

    /// <summary>What the configuration file has at this key: other sources do not tell a section from a list.</summary>
    public JsonNode? FileNode(string path) => _fileNodes.GetValueOrDefault(path);
}
