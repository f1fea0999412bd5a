using System.Runtime.InteropServices;
using System.Text.Json;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf.Report;

/// <summary>Everything measured, for other programs: each sample of each round, the medians, and where it ran.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Makes the file and its folder, so that a wrong name shows before the load test and not after it.</summary>
    /// <exception cref="PerfException">It cannot be written.</exception>
    public static void Prepare(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(file, e);
        }
    }

    /// <exception cref="PerfException">It cannot be written.</exception>
    public static void Write(string file, PerfOptions options, IReadOnlyList<IScenario> scenarios, ResultBook results)
    {
        object report = new
        {
            date = DateTimeOffset.UtcNow,
            machine = new
            {
                cores = Environment.ProcessorCount,
                system = RuntimeInformation.OSDescription,
                architecture = RuntimeInformation.ProcessArchitecture.ToString(),
                runtime = RuntimeInformation.FrameworkDescription,
            },
            options = new { options.DurationSeconds, options.Rounds, options.MessageSize, options.Connections, options.Transports },
            first = results.First,
            scenarios = scenarios.Select(s => new { name = s.Name, cases = s.Cases.Select(c => CaseOf(s, c, results)) }),
        };
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(report, Indented) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(file, e);
        }
    }

    private static PerfException CannotWrite(string file, Exception cause) => new($"cannot write {file}: {cause.Message}", cause);

    private static object CaseOf(IScenario scenario, LoadCase loadCase, ResultBook results) => new
    {
        title = loadCase.Title,
        contenders = results.Contenders.Select(contender => new
        {
            name = contender,
            medians = Figures(scenario.Metrics, m => results.Median(loadCase, contender, m)),
            ratiosToDirect = Figures(scenario.Metrics.Where(m => m.IsCompared), m => results.RatioToDirect(loadCase, contender, m)),
            ratiosToFirst = Figures(scenario.Metrics, m => results.RatioToFirst(loadCase, contender, m)),
            samples = results.Samples(loadCase, contender).Select(s => s.Values),
        }),
    };

    private static Dictionary<string, double> Figures(IEnumerable<Metric> metrics, Func<Metric, double?> figure) =>
        metrics.Select(m => (m.Name, Value: figure(m))).Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value!.Value);
}
