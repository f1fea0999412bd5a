namespace IgsNetty.FunctionalTests.Harness;

/// <summary>How the program is started: by itself, or by a launcher that changes its surroundings and then becomes the program.</summary>
/// <param name="Launcher">A program and its first arguments; the program under test and its arguments follow. Empty: none.</param>
internal sealed record Launch(IReadOnlyList<string> Launcher)
{
    public static Launch Plain { get; } = new([]);

    /// <summary>Through a shell.</summary>
    /// <param name="script">Ends with <c>exec "$@"</c> and its redirections. <c>$0</c> is the argument.</param>
    /// <param name="argument">A file name, say.</param>
    public static Launch Shell(string script, string argument = "sh") => new(["/bin/sh", "-c", script, argument]);

    public ChildProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] all = [.. Launcher, GatewayProgram.File, .. GatewayProgram.Arguments(arguments)];
        return ChildProcess.Start(all[0], all.Skip(1), GatewayProgram.Environment(environment));
    }

    /// <summary>Runs it to its end.</summary>
    public Task<ToolResult> RunAsync(IReadOnlyList<string> arguments, string input = "")
    {
        string[] all = [.. Launcher, GatewayProgram.File, .. GatewayProgram.Arguments(arguments)];
        return ExternalTool.RunAsync(all[0], all[1..], input, environment: GatewayProgram.Environment());
    }
}
