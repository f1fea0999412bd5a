using System.Diagnostics;

namespace IgsNetty.Perf.Contenders;

/// <summary>The processes of one pair of relays and the folder with their files; all of it is gone with this object.</summary>
internal sealed class RelayProcesses : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("igsnetty-perf-");
    private readonly List<RelayProcess> _all = [];

    /// <summary>In the order of their start.</summary>
    public IReadOnlyList<RelayProcess> All => _all;

    public string Folder => _folder.FullName;

    /// <returns>The path of a new file.</returns>
    public string Write(string fileName, string text)
    {
        string path = Path.Combine(Folder, fileName);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>As <see cref="RelayProcess"/> takes them.</summary>
    public RelayProcess Start(string name, ProcessStartInfo start, bool endsCleanly = true)
    {
        RelayProcess process = new(name, start, endsCleanly);
        _all.Add(process);
        return process;
    }

    public void AskToStop() => _all.ForEach(p => p.AskToStop());

    /// <exception cref="PerfException">One did not end as it should.</exception>
    public void Stop()
    {
        AskToStop();
        string[] problems = [.. _all.Select(p => p.WaitForEnd()).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new PerfException(string.Join('\n', problems));
        }
    }

    public void Dispose()
    {
        AskToStop();
        foreach (RelayProcess process in _all)
        {
            process.WaitForEnd();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
