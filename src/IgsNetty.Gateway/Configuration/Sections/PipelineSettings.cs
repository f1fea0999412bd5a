using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>What <c>Pipeline</c> says.</summary>
internal sealed record PipelineSettings(PipelineOptions Options, TimeSpan BusyPoll);
