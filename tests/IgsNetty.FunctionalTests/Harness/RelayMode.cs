namespace IgsNetty.FunctionalTests.Harness;

/// <summary>How many gateways a call passes.</summary>
public enum RelayMode
{
    /// <summary>Two, joined by links: the port integration mode.</summary>
    TwoGateways,

    /// <summary>One that does both halves: the single server mode.</summary>
    OneGateway,
}
