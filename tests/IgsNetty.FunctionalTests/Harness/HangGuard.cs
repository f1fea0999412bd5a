namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// How long a test waits before it counts as hung: the only deadlines of this project. No test measures by them, so they are long
/// enough for a machine that does ten other things.
/// </summary>
internal static class HangGuard
{
    /// <summary>For one event: a line of a log, the end of a process.</summary>
    public static TimeSpan Event { get; } = TimeSpan.FromMinutes(TestScale.IsFull ? 10 : 1);

    /// <summary>For a whole test, and for a program that it runs. The build's own guard comes after four minutes.</summary>
    public static TimeSpan Test { get; } = TimeSpan.FromMinutes(TestScale.IsFull ? 30 : 3);
}
