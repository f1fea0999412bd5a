using System.Reflection;
using IgsNetty.Gateway.Commands.Certificates;
using IgsNetty.Gateway.Configuration;

namespace IgsNetty.Gateway.Commands;

/// <summary>The command line: which command, which files, which overrides.</summary>
internal static class CommandLine
{
    private const string Help = """
        igsnetty: carries TCP and UDP between two networks over one link, or proxies in one.

        usage:
          igsnetty run   [--config FILE] [--igsopt FILE] [--Section:Key=value ...]
          igsnetty check [--config FILE] [--igsopt FILE] [--Section:Key=value ...]
          igsnetty cert  authority | issue NAME | show FILE
          igsnetty hash-password
          igsnetty version

          run      runs the gateway until SIGTERM or Ctrl-C. With no FILE: single server mode,
                   SOCKS5 and HTTP CONNECT on 127.0.0.1:20304. Prints a line 'ready' with the
                   bound addresses when every listener is bound; logs go to standard error.
          check    checks the configuration: exit 0, or 2 with every error listed.
          cert     makes the certificates of TLS links; 'igsnetty cert help' tells more.
          hash-password  reads a password from standard input and prints a hash of it for Proxy:Users.
          version  prints the version.

          --config FILE          configuration (JSON, comments allowed): docs/configuration.md
          --igsopt FILE          the original product's igsopt.conf
          --Section:Key=value    overrides one key, e.g. --Proxy:Listen=127.0.0.1:1080
          IGSNETTY__Section__Key does the same from the environment
          COMMAND --help         prints the help of one command
        """;

    /// <param name="args">The command and its arguments.</param>
    /// <param name="output">For results.</param>
    /// <param name="standardError">For everything else.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, Stream standardError)
    {
        TextWriter error = StandardStreams.Error(standardError);
        try
        {
            return await RunAsync(args, output, error, standardError).ConfigureAwait(false);
        }
        catch (StandardOutputException e)
        {
            await error.WriteLineAsync($"igsnetty {args.FirstOrDefault()}: {e.Message}").ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }

    private static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Stream standardError)
    {
        string command = args.Length > 0 ? args[0] : "";
        if (args.Length > 1 && CommandHelp.For(command) is { } help && args.Skip(1).Any(CommandHelp.IsAsked))
        {
            output.WriteLine(help);
            return ExitCode.Success;
        }

        StopSignals? signals = null;
        switch (command)
        {
            case "run":
                signals = StopSignals.Register();
                break;
            case "check":
                break;
            case "cert":
                return CertCommand.Run(args.AsSpan(1), output, error);
            case "hash-password" when args.Length == 1:
                return HashPasswordCommand.Run(output, error);
            case "hash-password":
                error.WriteLine("igsnetty hash-password: it takes no arguments; the password comes on standard input");
                return ExitCode.Usage;
            case "version" or "--version":
                output.WriteLine($"igsnetty {Version}");
                return ExitCode.Success;
            case "help" or "--help" or "-h":
                output.WriteLine(Help);
                return ExitCode.Success;
            default:
                error.WriteLine(command.Length == 0 ? "igsnetty: a command is missing" : $"igsnetty: there is no command '{command}'");
                error.WriteLine(Help);
                return ExitCode.Usage;
        }

        if (!TryReadArguments(args.AsSpan(1), out string? configFile, out string? igsoptFile, out List<string> overrides, out string problem))
        {
            error.WriteLine($"igsnetty {command}: {problem}");
            return ExitCode.Usage;
        }

        ConfigurationResult result = ConfigurationLoader.Load(configFile, igsoptFile, overrides);
        if (!result.IsValid)
        {
            foreach (ConfigurationError wrong in result.Errors)
            {
                error.WriteLine($"igsnetty: {wrong}");
            }

            int count = result.Errors.Count;
            error.WriteLine($"igsnetty: {count} {(count == 1 ? "error" : "errors")} in the configuration");
            return ExitCode.Usage;
        }

        return signals is not null
            ? await RunCommand.RunAsync(result.Configuration, signals, output, error, standardError).ConfigureAwait(false)
            : Check(result.Configuration, output, error);
    }

    private static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static int Check(GatewayConfiguration configuration, TextWriter output, TextWriter error)
    {
        foreach (string warning in configuration.Warnings)
        {
            error.WriteLine($"igsnetty: warning: {warning}");
        }

        output.WriteLine($"the configuration is good: {configuration}");
        return ExitCode.Success;
    }

    private static bool TryReadArguments(
        ReadOnlySpan<string> args, out string? configFile, out string? igsoptFile, out List<string> overrides, out string problem)
    {
        configFile = null;
        igsoptFile = null;
        overrides = [];
        problem = "";
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].Split('=', 2)[0];
            bool inOne = name.Length < args[i].Length;
            if (!name.StartsWith("--", StringComparison.Ordinal) || (!name.Contains(':', StringComparison.Ordinal) && name is not ("--config" or "--igsopt")))
            {
                problem = $"'{args[i]}' is not understood: an option is --config FILE, --igsopt FILE or --Section:Key=value";
                return false;
            }

            if (!inOne && i + 1 == args.Length)
            {
                problem = $"'{name}' needs a value";
                return false;
            }

            string value = inOne ? args[i][(name.Length + 1)..] : args[++i];
            switch (name)
            {
                case "--config":
                    configFile = value;
                    break;
                case "--igsopt":
                    igsoptFile = value;
                    break;
                default:
                    overrides.Add($"{name}={value}");
                    break;
            }
        }

        return true;
    }
}
