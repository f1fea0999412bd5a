namespace IgsNetty.Gateway.Commands;

/// <summary>What the program returns to its shell (docs/operations.md).</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what it was asked, though the request was right: a port is taken, say.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;
}
