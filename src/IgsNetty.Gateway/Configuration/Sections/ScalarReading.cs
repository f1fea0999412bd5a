using System.Globalization;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Values that are numbers, flags or words. A missing one has its default; a wrong one is reported and has it too.</summary>
internal static class ScalarReading
{
    public static int WholeNumber(this SectionReader reader, string key, int fallback, int least, int most)
    {
        if (reader.Text(key) is not { } text)
        {
            return fallback;
        }

        bool isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
        if (isNumber && number >= least && number <= most)
        {
            return number;
        }

        reader.Error(key, FormattableString.Invariant($"must be a whole number from {least} to {most}, not {Quoted.Text(text)}"));
        return fallback;
    }

    public static double Number(this SectionReader reader, string key, double fallback, double least, double most)
    {
        if (reader.Text(key) is not { } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most)
        {
            return number;
        }

        reader.Error(key, FormattableString.Invariant($"must be a number from {least} to {most}, not {Quoted.Text(text)}"));
        return fallback;
    }

    /// <summary>Null when the key is missing or wrong.</summary>
    public static bool? Flag(this SectionReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out bool flag))
        {
            return flag;
        }

        reader.Error(key, $"must be true or false, not {Quoted.Text(text)}");
        return null;
    }

    /// <summary>One of a few words, without regard to case.</summary>
    public static T Choice<T>(this SectionReader reader, string key, T fallback, params (string Word, T Value)[] choices)
    {
        if (reader.Text(key) is not { } text)
        {
            return fallback;
        }

        foreach ((string word, T value) in choices)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        string words = string.Join(", ", choices[..^1].Select(c => c.Word)) + " or " + choices[^1].Word;
        reader.Error(key, $"must be {words}, not {Quoted.Text(text)}");
        return fallback;
    }
}
