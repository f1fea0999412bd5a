using System.Globalization;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A control group with a limit of memory, as a container has. Needs root, and version 1 or 2 mounted in its usual place.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private static readonly (string Folder, string Limit)[] Places =
    [
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), // version 1
        ("/sys/fs/cgroup", "memory.max"),
    ];

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>The program in this group.</summary>
    public Launch Launch => Launch.Shell("echo $$ >\"$0/cgroup.procs\" && exec \"$@\"", _folder);

    /// <returns>Null where this machine lets no test make one.</returns>
    public static MemoryGroup? TryCreate(int bytes)
    {
        foreach ((string folder, string limit) in Places)
        {
            string own = Path.Combine(folder, $"igsnetty-test-{Guid.NewGuid():N}");
            try
            {
                Directory.CreateDirectory(own);
                if (File.Exists(Path.Combine(own, limit)))
                {
                    File.WriteAllText(Path.Combine(own, limit), bytes.ToString(CultureInfo.InvariantCulture));
                    return new MemoryGroup(own);
                }

                Directory.Delete(own);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not here.
            }
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        Remove();
        return ValueTask.CompletedTask;
    }

    public void Remove()
    {
        try
        {
            Directory.Delete(_folder); // what is in it cannot be removed one by one
        }
        catch (IOException)
        {
            // Its process has not been reaped yet.
        }
    }
}
