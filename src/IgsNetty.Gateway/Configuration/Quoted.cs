namespace IgsNetty.Gateway.Configuration;

/// <summary>Text of the user's, as it stands in a message: one line, not endless.</summary>
internal static class Quoted
{
    private const int MostCharacters = 60;

    public static string Text(string text)
    {
        string shown = text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }
}
