namespace IgsNetty.Gateway.Configuration;

/// <summary>Text of the user's, as it stands in a message: one line, not endless.</summary>
internal static class Quoted
{
    private const int MostCharacters = 60;

    public static string Text(string text)
    {
        string shown = text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
        return $"'{OneLine(shown)}'";
    }

    /// <summary>The text with nothing in it that would start a line or steer a terminal.</summary>
    public static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
