using IgsNetty.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Loads configurations for tests, untouched by the environment that the tests run in.</summary>
internal static class Loading
{
    public static IConfigurationSource NoEnvironment { get; } = new MemoryConfigurationSource();

    /// <summary>What the variables IGSNETTY__… would give.</summary>
    public static IConfigurationSource Environment(params (string Key, string Value)[] variables) =>
        new MemoryConfigurationSource { InitialData = variables.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value)) };

    /// <summary>
    /// Loads a file <c>igsnetty.json</c> with this text; a good key is in <c>link.key</c> beside it, and where the text speaks of them
    /// the certificates of <c>site-a</c>.
    /// </summary>
    public static ConfigurationResult Json(string json, params string[] overrides)
    {
        using TempFolder folder = new();
        folder.WriteKey();
        if (json.Contains("site-a.pem", StringComparison.Ordinal))
        {
            folder.WriteCertificates("site-a");
        }

        return ConfigurationLoader.Load(folder.Write("igsnetty.json", json), null, overrides, NoEnvironment);
    }

    public static ConfigurationResult NoFile(params string[] overrides) => ConfigurationLoader.Load(null, null, overrides, NoEnvironment);

    public static GatewayConfiguration Valid(ConfigurationResult result)
    {
        Assert.Empty(result.Errors.Select(e => e.ToString()));
        Assert.True(result.IsValid);
        return result.Configuration;
    }

    /// <summary>Asserts that there is this one error, in these words, and no other.</summary>
    public static void ThisError(ConfigurationResult result, string key, string message) =>
        Assert.Equal([new ConfigurationError(key, message)], result.Errors);

    /// <summary>Asserts that there is this one error and no other.</summary>
    public static void OneError(ConfigurationResult result, string key, string part)
    {
        Assert.False(result.IsValid);
        ConfigurationError error = Assert.Single(result.Errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
