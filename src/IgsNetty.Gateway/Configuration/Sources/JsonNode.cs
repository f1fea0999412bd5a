namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>One place of the configuration file.</summary>
/// <param name="Path">In configuration notation, spelled as in the file.</param>
/// <param name="Shape">What stands there.</param>
/// <param name="Line">The line of the key, counted from 1.</param>
internal sealed record JsonNode(string Path, JsonShape Shape, int Line);
