using System.ComponentModel;
using System.Diagnostics;

namespace IgsNetty.Perf.Report;

/// <summary>The repository that this program was built in, if it still lies there.</summary>
internal static class RepositoryFolder
{
    private const string Solution = "IgsNetty.sln";
    private static readonly TimeSpan GitLimit = TimeSpan.FromSeconds(5);

    /// <summary>Upwards from where the program lies; null when it was taken elsewhere.</summary>
    public static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    /// <summary>Such as <c>1a2b3c4d5e6f</c>, with <c>+</c> behind it if a file differs; null without git or a repository.</summary>
    public static string? ReadCommit()
    {
        if (Find() is not { } folder || Git(folder, "rev-parse", "--short=12", "HEAD") is not { } commit)
        {
            return null;
        }

        return Git(folder, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 } ? commit + "+" : commit;
    }

    /// <summary>What it printed; null if it failed.</summary>
    private static string? Git(string folder, params string[] args)
    {
        ProcessStartInfo start = new("git", ["-C", folder, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process? git = Process.Start(start);
            Task<string>? output = git?.StandardOutput.ReadToEndAsync();
            return git is not null && git.WaitForExit(GitLimit) && git.ExitCode == 0 ? output!.Result.Trim() : null;
        }
        catch (Win32Exception)
        {
            // There is no git.
            return null;
        }
    }
}
