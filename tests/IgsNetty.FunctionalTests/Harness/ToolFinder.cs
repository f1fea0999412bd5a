namespace IgsNetty.FunctionalTests.Harness;

/// <summary>Finds the programs of other makers that act as clients and servers here.</summary>
internal static class ToolFinder
{
    // sshd is a server, which Debian keeps out of a plain user's PATH.
    private static readonly string[] MoreDirectories = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <summary>The file, or null.</summary>
    public static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(MoreDirectories)
        .Where(directory => directory.Length > 0)
        .Select(directory => Path.Combine(directory, tool))
        .FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs these cannot run here, or null.</summary>
    public static string? MissingReason(IEnumerable<string> tools)
    {
        string missing = string.Join(", ", tools.Where(tool => Find(tool) is null));
        return missing.Length == 0 ? null : $"not installed on this machine: {missing}";
    }
}
