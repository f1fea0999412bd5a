namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>
/// The <c>--Section:Key=value</c> and <c>--Section:Key value</c> arguments. The command-line provider leaves out what it
/// does not understand without a word, so every argument is checked and written in one form before it gets there.
/// </summary>
internal static class CommandLineOverrides
{
    private const string Right = "write --Section:Key=VALUE";

    /// <summary>The arguments, each as <c>--Key=value</c>; what is wrong goes to <paramref name="context"/>.</summary>
    public static string[] Normalize(IReadOnlyList<string> arguments, ReadingContext context)
    {
        List<string> normalized = [];
        string? previousKey = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? argument : argument[..equals];
            if (!key.StartsWith("--", StringComparison.Ordinal) || key.Length == 2)
            {
                // A stray word after a key is perhaps its value, and that key's value perhaps a password.
                context.Error(
                    previousKey ?? Quoted.Text(key),
                    previousKey is null
                        ? $"is not a setting; {Right}"
                        : $"a stray argument follows it; {Right}, with quotes around a value that holds spaces");
            }
            else if (equals >= 0)
            {
                normalized.Add(argument);
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                normalized.Add($"{key}={arguments[++i]}");
            }
            else
            {
                context.Error(key, $"has no value; write {key}=VALUE");
            }

            previousKey = key.StartsWith("--", StringComparison.Ordinal) ? key : previousKey;
        }

        return [.. normalized];
    }
}
