using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration;

/// <summary>The names under which gateways know each other.</summary>
internal static class GatewayName
{
    public const int MostCharacters = 64;

    /// <summary>What <c>Allow:From</c> calls everybody.</summary>
    public const string Everybody = "*";

    /// <summary>May a gateway have this name?</summary>
    /// <returns>False with what would be right in <paramref name="error"/>.</returns>
    public static bool IsValid(string name, out string error)
    {
        if (name == Everybody || IsReserved(name))
        {
            error = $"{Quoted.Text(name)} is reserved; choose another name";
            return false;
        }

        return IsWord(name, out error);
    }

    /// <summary>1 to 64 letters, digits, '.', '_' or '-': also the form of a forward's name, which stands in logs the same way.</summary>
    public static bool IsWord(string name, out string error)
    {
        bool valid = name.Length is > 0 and <= MostCharacters && name.All(IsNameCharacter);
        error = valid ? "" : $"must be 1 to {MostCharacters} letters (a-z), digits, '.', '_' or '-', not {Quoted.Text(name)}";
        return valid;
    }

    /// <summary>The name of a gateway that was given none: its host's name, lower case, without the domain.</summary>
    public static string FromHost(string host)
    {
        string label = host.Split('.')[0].ToLowerInvariant();
        string name = string.Concat(label.Take(MostCharacters).Select(c => IsNameCharacter(c) ? c : '-'));
        return name.Length == 0 || IsReserved(name) ? "gateway" : name;
    }

    private static bool IsReserved(string name) =>
        string.Equals(name, RouteRule.Direct, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, AccessPolicy.Local, StringComparison.OrdinalIgnoreCase);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
