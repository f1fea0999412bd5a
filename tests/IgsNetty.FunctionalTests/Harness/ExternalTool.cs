using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>Runs a program to its end.</summary>
internal static class ExternalTool
{
    /// <param name="tool">A file, or a name to look for.</param>
    /// <param name="arguments">Handed over as they are, with no shell in between.</param>
    /// <param name="input">Its standard input; then that ends.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    public static Task<ToolResult> RunAsync(
        string tool,
        IReadOnlyList<string> arguments,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null) =>
        RunAsync(Start(tool, arguments, environment), input, (output, stop) => output.ReadToEndAsync(stop));

    /// <summary>The same, where <see cref="ToolResult.Output"/> is "LENGTH SHA256" of what it writes.</summary>
    public static Task<ToolResult> RunHashedAsync(
        string tool, IReadOnlyList<string> arguments, string input = "") =>
        RunAsync(Start(tool, arguments), input, (output, stop) => HashAsync(output.BaseStream, stop));

    /// <summary>What <see cref="RunHashedAsync"/> gives for bytes of this length and hash.</summary>
    public static string Hashed(long length, string sha256) => string.Create(CultureInfo.InvariantCulture, $"{length} {sha256}");

    private static ProcessStartInfo Start(
        string tool, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(ToolFinder.Find(tool) ?? tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<ToolResult> RunAsync(
        ProcessStartInfo start, string input, Func<StreamReader, CancellationToken, Task<string>> readOutput)
    {
        using Process process = new();
        process.StartInfo = start;
        string command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        process.Start();
        using CancellationTokenSource limit = new(HangGuard.Test);
        try
        {
            Task<string> output = readOutput(process.StandardOutput, limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new ToolResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new XunitException($"Not done within {HangGuard.Test.TotalSeconds} s: {command}");
        }
    }

    private static async Task<string> HashAsync(Stream output, CancellationToken stop)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[128 * 1024];
        long total = 0;
        int count;
        while ((count = await output.ReadAsync(buffer, stop)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            total += count;
        }

        return Hashed(total, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
