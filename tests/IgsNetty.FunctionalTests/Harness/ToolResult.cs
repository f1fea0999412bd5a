using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>What a finished program has left.</summary>
internal sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Both outputs, as a person sees them.</summary>
    public string Text => $"{Output}\n{Error}";

    public ToolResult ExpectSuccess() =>
        ExitCode == 0 ? this : throw new XunitException($"Exit code {ExitCode} from: {Command}\n{Text}");
}
