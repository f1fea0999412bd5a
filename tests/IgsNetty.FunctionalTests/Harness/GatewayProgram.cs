using System.Reflection;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// The program under test: the <c>igsnetty.dll</c> of this build, or what <c>IGSNETTY_TEST_PROGRAM</c> names (a published
/// program can be tried so; a path that ends in <c>.dll</c> is run by <c>dotnet</c>).
/// </summary>
internal static class GatewayProgram
{
    private static readonly string Program = Find();

    public static string File { get; } = IsAssembly ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : Program;

    private static bool IsAssembly => Program.EndsWith(".dll", StringComparison.Ordinal);

    public static IReadOnlyList<string> Arguments(IEnumerable<string> arguments) => IsAssembly ? [Program, .. arguments] : [.. arguments];

    private static string Find()
    {
        string? path = Environment.GetEnvironmentVariable("IGSNETTY_TEST_PROGRAM");
        path ??= typeof(GatewayProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == nameof(GatewayProgram))?.Value;
        return System.IO.File.Exists(path) ? path : throw new FileNotFoundException($"The gateway program is not built: '{path}'.");
    }
}
