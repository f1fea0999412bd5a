using System.ComponentModel;
using System.Diagnostics;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Where the peers' programs are, and what they say of themselves.</summary>
internal static class PeerPrograms
{
    /// <summary>Servers stand where an ordinary user's PATH does not lead.</summary>
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];

    /// <summary>The whole path of a program; null if it is not installed.</summary>
    public static string? Find(string program) =>
        Path.IsPathRooted(program)
            ? File.Exists(program) ? program : null
            : Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>The whole path of a program that is installed.</summary>
    public static ProcessStartInfo Command(string program, IEnumerable<string> args) => new(Find(program) ?? program, args);

    /// <summary>The first line with a figure in what the peer prints; null if it prints none.</summary>
    public static string? Version(IPeer peer) =>
        Run(peer.VersionCommand[0], peer.VersionCommand.Skip(1)).Lines.FirstOrDefault(line => line.Any(char.IsAsciiDigit))?.Trim();

    /// <summary>Runs a program that ends soon.</summary>
    /// <exception cref="PerfException">It is not there, or does not end.</exception>
    public static (int ExitCode, IReadOnlyList<string> Lines) Run(string program, IEnumerable<string> args)
    {
        ProcessStartInfo start = Command(program, args);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(HangGuard.Limit))
            {
                process.Kill();
                throw new PerfException($"{start.FileName} did not end within {HangGuard.Limit.TotalSeconds} s");
            }

            return (process.ExitCode, (output.Result + errors.Result).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Win32Exception e)
        {
            throw new PerfException($"cannot start {start.FileName}: {e.Message}", e);
        }
    }
}
