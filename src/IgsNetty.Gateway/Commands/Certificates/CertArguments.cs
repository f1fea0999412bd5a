using System.Globalization;
using IgsNetty.Gateway.Configuration;

namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>The command line behind <c>igsnetty cert</c>.</summary>
internal sealed record CertArguments
{
    private const int MostDays = 36_500;

    /// <summary><c>authority</c>, <c>issue</c>, <c>show</c> or <c>help</c>.</summary>
    public string Verb { get; private init; } = "help";

    /// <summary>The gateways of <c>issue</c>, the file of <c>show</c>.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    public string Out { get; private init; } = ".";

    /// <summary>The authority's certificate.</summary>
    public string Authority => _authority ?? Path.Combine(Out, CertificateAuthority.CertificateFile);

    /// <summary>The authority's key.</summary>
    public string AuthorityKey => _authorityKey ?? Path.ChangeExtension(Authority, ".key");

    /// <summary>Days of validity; null: what the verb chooses.</summary>
    public int? Days { get; private init; }

    public bool Force { get; private init; }

    private string? _authority;
    private string? _authorityKey;

    /// <returns>False with what is wrong.</returns>
    public static bool TryRead(ReadOnlySpan<string> args, out CertArguments arguments, out string problem)
    {
        arguments = new CertArguments();
        problem = args.Length == 0 ? "a command is missing: authority, issue or show" : "";
        if (args.Length == 0 || args[0] == "help" || args.ToArray().Any(CommandHelp.IsAsked))
        {
            return args.Length > 0;
        }

        arguments = arguments with { Verb = args[0] };
        List<string> names = [];
        for (int i = 1; i < args.Length && problem.Length == 0; i++)
        {
            string name = args[i].Split('=', 2)[0];
            if (!args[i].StartsWith('-'))
            {
                names.Add(args[i]);
            }
            else if (args[i] == "--force")
            {
                arguments = arguments with { Force = true };
            }
            else if (name.Length == args[i].Length && i + 1 == args.Length)
            {
                problem = $"'{name}' is not known, or needs a value";
            }
            else
            {
                string value = name.Length < args[i].Length ? args[i][(name.Length + 1)..] : args[++i];
                problem = arguments.TrySet(name, value, out arguments);
            }
        }

        arguments = arguments with { Names = names };
        problem = problem.Length > 0 ? problem : arguments.Fault();
        return problem.Length == 0;
    }

    private string TrySet(string name, string value, out CertArguments changed)
    {
        changed = this;
        switch (name)
        {
            case "--out":
                changed = this with { Out = value };
                return "";
            case "--authority" when Verb == "issue":
                changed = this with { _authority = value };
                return "";
            case "--authority-key" when Verb == "issue":
                changed = this with { _authorityKey = value };
                return "";
            case "--days":
                bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int days);
                changed = this with { Days = days };
                return isNumber && days is >= 1 and <= MostDays ? "" : $"--days must be a whole number from 1 to {MostDays}, not '{value}'";
            default:
                return $"'{name}' is no option of {Verb}";
        }
    }

    private string Fault()
    {
        switch (Verb)
        {
            case "authority":
                return Names.Count == 0 ? "" : $"authority takes no name: '{Names[0]}'";
            case "issue":
                string? bad = Names.FirstOrDefault(name => !GatewayName.IsValid(name, out _));
                _ = GatewayName.IsValid(bad ?? "", out string error);
                return Names.Count == 0 ? "issue needs the name of a gateway (its Gateway:Name)" : bad is null ? "" : $"the name of a gateway {error}";
            case "show":
                return Names.Count == 1 ? "" : "show needs one file";
            default:
                return $"there is no command '{Verb}': authority, issue or show";
        }
    }
}
