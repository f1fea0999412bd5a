namespace IgsNetty.Endpoints.Names;

/// <summary>Which resolver a gateway takes, and why: for the log.</summary>
/// <param name="Kind">Never <see cref="ResolverKind.Auto"/>.</param>
/// <param name="Why">Follows its name in a sentence.</param>
public readonly record struct ResolverChoice(ResolverKind Kind, string Why)
{
    /// <summary>Sources of nsswitch.conf that <see cref="ResolverKind.Dns"/> stands in for.</summary>
    private static readonly string[] Known = ["files", "dns", "resolve", "myhostname", "mymachines", "mdns", "mdns4", "mdns6", "mdns_minimal", "mdns4_minimal", "mdns6_minimal"];

    /// <param name="wanted">What the configuration says.</param>
    /// <param name="isLinux">Is this Linux?</param>
    /// <param name="switchFile">The text of <c>/etc/nsswitch.conf</c>; empty when there is none.</param>
    public static ResolverChoice Make(ResolverKind wanted, bool isLinux, string switchFile)
    {
        ArgumentNullException.ThrowIfNull(switchFile);
        if (wanted != ResolverKind.Auto)
        {
            return new ResolverChoice(wanted, "as configured");
        }

        if (!isLinux)
        {
            return new ResolverChoice(ResolverKind.System, "auto: this system is not Linux");
        }

        string? unknown = Sources(switchFile).FirstOrDefault(source => !Known.Contains(source, StringComparer.Ordinal));
        return unknown is null
            ? new ResolverChoice(ResolverKind.Dns, "auto: hosts file and name servers")
            : new ResolverChoice(ResolverKind.System, $"auto: /etc/nsswitch.conf also asks '{unknown}' for hosts");
    }

    private static IEnumerable<string> Sources(string switchFile)
    {
        string? line = switchFile.Split('\n').Select(text => text.Split('#')[0].Trim()).FirstOrDefault(text => text.StartsWith("hosts:", StringComparison.Ordinal));
        return line is null
            ? []
            : line["hosts:".Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => !word.Contains('[') && !word.Contains(']'));
    }
}
