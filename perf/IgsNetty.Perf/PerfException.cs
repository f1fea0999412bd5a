namespace IgsNetty.Perf;

/// <summary>The load test cannot go on, or found something wrong; the message is for the person who ran it.</summary>
internal sealed class PerfException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the program exits with: 2 for a wrong command line, 1 for everything else.</summary>
    public int ExitCode { get; init; } = 1;
}
