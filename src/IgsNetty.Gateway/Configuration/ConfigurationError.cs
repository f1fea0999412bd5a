namespace IgsNetty.Gateway.Configuration;

/// <summary>One thing that keeps the gateway from starting.</summary>
/// <param name="Key">The key in configuration notation (<c>Links:Dial:0:Address</c>), a file, or empty when none is to blame.</param>
/// <param name="Message">What is wrong, and what would be right. Never holds a secret.</param>
internal sealed record ConfigurationError(string Key, string Message)
{
    /// <summary>The line that the user sees.</summary>
    public override string ToString() => Key.Length == 0 ? Message : $"{Key}: {Message}";
}
