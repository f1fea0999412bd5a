using System.Text;
using IgsNetty.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace IgsNetty.Fuzz.Configuration;

/// <summary>
/// A file that configures the gateway. Whatever is in it: the result is a configuration or errors, never both or neither; the
/// messages are single lines that a terminal can show, in proportion to the file; reading it twice, or with a byte order mark,
/// comes to the same.
/// </summary>
internal abstract class FileTarget : IFuzzTarget
{
    public abstract string Name { get; }

    public int MostBytes => 4096;

    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>What reading a file takes, whatever is in it, and what a byte of it may add.</summary>
    protected abstract (long Fixed, long PerByte) Allocates { get; }

    private static IConfigurationSource NoEnvironment { get; } = new MemoryConfigurationSource();

    private string File => Path.Combine(Path.GetTempPath(), $"igsnetty-fuzz-{Name}-{Environment.ProcessId}");

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            Try(input);
        }
        finally
        {
            System.IO.File.Delete(File);
        }
    }

    private void Try(ReadOnlySpan<byte> input)
    {
        Allocation allocation = Allocation.Start();
        string once = Read(input);
        (long most, long perByte) = Allocates;
        allocation.AtMost(most + (perByte * input.Length), $"{input.Length} bytes");
        FuzzException.UnlessSame(once, Read(input), "the file was read twice");
        if (!input.StartsWith(Encoding.UTF8.Preamble))
        {
            FuzzException.UnlessSame(once, Read([.. Encoding.UTF8.Preamble, .. input]), "with a byte order mark it is another file");
        }
    }

    protected static ConfigurationResult Load(string? configFile, string? igsoptFile) =>
        ConfigurationLoader.Load(configFile, igsoptFile, [], NoEnvironment);

    protected abstract ConfigurationResult Load(string file);

    private string Read(ReadOnlySpan<byte> content)
    {
        System.IO.File.WriteAllBytes(File, content);
        ConfigurationResult result = Load(File);
        FuzzException.Unless(result.IsValid == (result.Errors.Count == 0), "it is valid with errors, or invalid without");
        FuzzException.Unless(result.Errors.Count <= 100 + content.Length, $"{result.Errors.Count} errors of {content.Length} bytes");
        StringBuilder all = new();
        foreach (string line in result.Errors.Select(error => error.ToString()).Concat(result.Configuration?.Warnings ?? []))
        {
            FuzzException.Unless(!line.Any(char.IsControl), $"a message holds a control character: {line}");
            FuzzException.Unless(line.Length <= 1000 + (4 * content.Length), $"a message of {line.Length} characters: {line}");
            all.Append(line).Append('\n');
        }

        return all.Append(result.Configuration).ToString();
    }
}
