using IgsNetty.Gateway.Configuration.Sections;
using IgsNetty.Gateway.Configuration.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace IgsNetty.Gateway.Configuration;

/// <summary>
/// Loads and checks the configuration. Later sources win: the file (or, without one, the built-in single server mode),
/// the environment, igsopt.conf, the command line. docs/configuration.md describes every key.
/// </summary>
internal static class ConfigurationLoader
{
    /// <summary>A variable <c>IGSNETTY__Section__Key</c> sets <c>Section:Key</c>.</summary>
    public const string EnvironmentPrefix = "IGSNETTY__";

    /// <param name="configFile">The configuration file, or null for single server mode on 127.0.0.1:20304.</param>
    /// <param name="igsoptFile">The original product's option file, or null.</param>
    /// <param name="overrideArguments">The <c>--Section:Key=value</c> arguments, and nothing else of the command line.</param>
    /// <param name="environment">Stands in for the environment in tests.</param>
    public static ConfigurationResult Load(
        string? configFile, string? igsoptFile, IReadOnlyList<string> overrideArguments, IConfigurationSource? environment = null)
    {
        ReadingContext context = new(BaseFolder(configFile));
        IReadOnlyDictionary<string, string?>? values = configFile is null
            ? new Dictionary<string, string?> { ["Proxy:Enabled"] = "true" }
            : JsonConfigurationFile.Read(configFile, context);
        IReadOnlyDictionary<string, string?> igsopt = igsoptFile is null
            ? new Dictionary<string, string?>()
            : IgsOptFile.Read(igsoptFile, context);
        string[] overrides = CommandLineOverrides.Normalize(overrideArguments, context);
        if (values is null)
        {
            // Whatever the sections would say about a file that could not be read would mislead.
            return ConfigurationResult.Invalid(context.Errors);
        }

        IConfigurationRoot root = new ConfigurationBuilder()
            .Add(new MemoryConfigurationSource { InitialData = values })
            .Add(environment ?? new EnvironmentVariablesConfigurationSource { Prefix = EnvironmentPrefix })
            .Add(new MemoryConfigurationSource { InitialData = igsopt })
            .Add(new CommandLineConfigurationSource { Args = overrides })
            .Build();
        GatewayConfiguration configuration = RootSection.Read(new SectionReader(root, context), context);
        return context.Errors.Count == 0 ? ConfigurationResult.Valid(configuration) : ConfigurationResult.Invalid(context.Errors);
    }

    private static string BaseFolder(string? configFile) =>
        string.IsNullOrWhiteSpace(configFile) || configFile.Contains('\0', StringComparison.Ordinal)
            ? Environment.CurrentDirectory
            : Path.GetDirectoryName(Path.GetFullPath(configFile)) ?? Environment.CurrentDirectory;
}
