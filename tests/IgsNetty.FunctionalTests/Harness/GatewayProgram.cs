using System.Reflection;
using IgsNetty.FunctionalTests.Harness.Transports;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// The program under test: the one of this build, or what <c>IGSNETTY_TEST_PROGRAM</c> names (a published program can be
/// tried so; a path that ends in <c>.dll</c> is run by <c>dotnet</c>).
/// </summary>
internal static class GatewayProgram
{
    private const string Assembly = ".dll";

    private static readonly string? Runtime = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH");
    private static readonly string Program = Find();

    public static string File { get; } = IsAssembly ? Runtime ?? "dotnet" : Program;

    private static bool IsAssembly => Program.EndsWith(Assembly, StringComparison.Ordinal);

    public static IReadOnlyList<string> Arguments(IEnumerable<string> arguments) => IsAssembly ? [Program, .. arguments] : [.. arguments];

    /// <summary>What its environment has on top of the test's own.</summary>
    public static IReadOnlyDictionary<string, string> Environment(IReadOnlyDictionary<string, string>? more = null)
    {
        Dictionary<string, string> environment = new(more ?? new Dictionary<string, string>())
        {
            ["IGSNETTY__Gateway__Transport"] = Transport.Current.Name,

            // Measuring its own code, to compile it better later, pays for a program that runs longer than a test does.
            ["DOTNET_TieredPGO"] = "0",
        };
        if (Runtime is not null)
        {
            // Where a program without an installed runtime finds the one that runs the test.
            environment["DOTNET_ROOT"] = Path.GetDirectoryName(Runtime)!;
        }

        return environment;
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<ToolResult> RunAsync(params string[] arguments) =>
        ExternalTool.RunAsync(File, Arguments(arguments), environment: Environment());

    private static string Find()
    {
        string? path = System.Environment.GetEnvironmentVariable("IGSNETTY_TEST_PROGRAM");
        path ??= BesideAssembly(typeof(GatewayProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == nameof(GatewayProgram))?.Value);
        return System.IO.File.Exists(path) ? path : throw new FileNotFoundException($"The gateway program is not built: '{path}'.");
    }

    // Run by itself it starts a seventh sooner than by dotnet, which looks for SDKs first.
    private static string? BesideAssembly(string? path) => path?.EndsWith(Assembly, StringComparison.Ordinal) == true
        && System.IO.File.Exists(path[..^Assembly.Length])
        ? path[..^Assembly.Length]
        : path;
}
