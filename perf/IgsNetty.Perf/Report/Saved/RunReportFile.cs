using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IgsNetty.Perf.Report.Saved;

/// <summary>A <see cref="RunReport"/> as JSON, for other programs and for <c>--compare</c>.</summary>
internal static class RunReportFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,

        // It goes into a file and not into a web page: signs such as µ and + stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToJson(RunReport report) => JsonSerializer.Serialize(report, Options) + "\n";

    /// <param name="json">Of <see cref="ToJson"/>.</param>
    /// <param name="file">Where it came from, for the message.</param>
    /// <exception cref="PerfException">It is something else.</exception>
    public static RunReport FromJson(string json, string file)
    {
        try
        {
            RunReport? report = JsonSerializer.Deserialize<RunReport>(json, Options);
            return report is { Format: RunReport.CurrentFormat } ? report : throw new JsonException("its format is of another version");
        }
        catch (JsonException e)
        {
            throw new PerfException($"{file} is no result that --json of this version wrote: {e.Message}", e) { ExitCode = 2 };
        }
    }

    /// <exception cref="PerfException">It cannot be read, or is something else.</exception>
    public static RunReport Read(string file)
    {
        try
        {
            return FromJson(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PerfException($"cannot read {file}: {e.Message}", e) { ExitCode = 2 };
        }
    }
}
