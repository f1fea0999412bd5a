namespace IgsNetty.Perf.Report;

/// <summary>A file that the load test writes its results to.</summary>
internal static class ReportFile
{
    /// <summary>Makes the file and its folder, so that a wrong name shows before the load test and not after it.</summary>
    /// <exception cref="PerfException">It cannot be written.</exception>
    public static void Prepare(string file) => Try(file, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using FileStream stream = File.OpenWrite(file);
    });

    /// <exception cref="PerfException">It cannot be written.</exception>
    public static void Write(string file, string text) => Try(file, () => File.WriteAllText(file, text));

    private static void Try(string file, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PerfException($"cannot write {file}: {e.Message}", e);
        }
    }
}
