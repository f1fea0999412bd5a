namespace IgsNetty.Gateway.Commands;

/// <summary>The help of single commands. Those of <c>cert</c> have theirs in <c>CertCommand</c>.</summary>
internal static class CommandHelp
{
    private const string Run = """
        usage: igsnetty run [--config FILE] [--igsopt FILE] [--Section:Key=value ...]

        Runs the gateway until SIGTERM or Ctrl-C. With no FILE it is in single server mode: SOCKS5 and HTTP
        CONNECT on 127.0.0.1:20304. It prints a line 'ready' with the bound addresses when every listener is
        bound. The log goes to standard error.

        """ + Options;

    private const string Check = """
        usage: igsnetty check [--config FILE] [--igsopt FILE] [--Section:Key=value ...]

        Checks the configuration that 'igsnetty run' would take with the same arguments. The exit code is 0,
        or 2 with every error listed.

        """ + Options;

    private const string HashPassword = """
        usage: igsnetty hash-password

        Reads a password from standard input, one line, and prints a hash of it for Proxy:Users.
        """;

    private const string Version = """
        usage: igsnetty version

        Prints the version.
        """;

    private const string Options = """

          --config FILE          configuration (JSON, comments allowed): docs/configuration.md
          --igsopt FILE          the original product's igsopt.conf
          --Section:Key=value    overrides one key, e.g. --Proxy:Listen=127.0.0.1:1080
          IGSNETTY__Section__Key does the same from the environment
        """;

    public static bool IsAsked(string argument) => argument is "--help" or "-h";

    /// <returns>Null for a command that does not exist or has help of its own.</returns>
    public static string? For(string command) => command switch
    {
        "run" => Run,
        "check" => Check,
        "hash-password" => HashPassword,
        "version" or "--version" => Version,
        _ => null,
    };
}
