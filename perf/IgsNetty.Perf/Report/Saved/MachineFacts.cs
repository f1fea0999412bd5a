using System.Globalization;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Report.Saved;

/// <summary>The machine that a load test ran on. What cannot be found out is null.</summary>
/// <param name="Cores">Logical processors that this process may use.</param>
/// <param name="Processor">The model, as the kernel names it.</param>
/// <param name="MemoryGiB">All there is.</param>
/// <param name="Architecture">Such as <c>X64</c>.</param>
/// <param name="Kernel">Its release.</param>
/// <param name="System">The distribution and its release.</param>
/// <param name="Runtime">The .NET version.</param>
/// <param name="Commit">Of the repository that this program was built in; with <c>+</c> if files were changed since.</param>
internal sealed record MachineFacts(
    int Cores,
    string? Processor,
    double? MemoryGiB,
    string Architecture,
    string? Kernel,
    string? System,
    string Runtime,
    string? Commit)
{
    public static MachineFacts Read() => new(
        Environment.ProcessorCount,
        ValueOf("/proc/cpuinfo", "model name", ':'),
        KibibytesOf(ValueOf("/proc/meminfo", "MemTotal", ':')) / (1024.0 * 1024),
        RuntimeInformation.ProcessArchitecture.ToString(),
        LinesOf("/proc/sys/kernel/osrelease").FirstOrDefault(),
        ValueOf("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"'),
        RuntimeInformation.FrameworkDescription,
        RepositoryFolder.ReadCommit());

    private static string? ValueOf(string file, string name, char separator) =>
        LinesOf(file)
            .Select(line => line.Split(separator, 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts.Length == 2 && parts[0] == name)?[1];

    private static double? KibibytesOf(string? value) =>
        double.TryParse(value?.Split(' ')[0], CultureInfo.InvariantCulture, out double kibibytes) ? kibibytes : null;

    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
