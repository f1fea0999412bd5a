using System.Diagnostics.CodeAnalysis;

namespace IgsNetty.Gateway.Configuration;

/// <summary>Either a checked configuration, or everything that is wrong with it.</summary>
internal sealed class ConfigurationResult
{
    private ConfigurationResult(GatewayConfiguration? configuration, IReadOnlyList<ConfigurationError> errors)
    {
        Configuration = configuration;
        Errors = errors;
    }

    /// <summary>Null when there are errors.</summary>
    public GatewayConfiguration? Configuration { get; }

    /// <summary>All errors, in the order of the sources and sections; empty when the configuration can be used.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }

    /// <summary>True when <see cref="Configuration"/> can be used.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;

    public static ConfigurationResult Valid(GatewayConfiguration configuration) => new(configuration, []);

    public static ConfigurationResult Invalid(IReadOnlyList<ConfigurationError> errors) => new(null, errors);
}
