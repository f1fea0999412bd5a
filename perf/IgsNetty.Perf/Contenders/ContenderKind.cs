namespace IgsNetty.Perf.Contenders;

/// <summary>What a contender is there for.</summary>
internal enum ContenderKind
{
    /// <summary>What the way itself costs: no relay, or the plainest ones.</summary>
    Baseline,

    /// <summary>Another program that can take the gateways' place.</summary>
    Peer,

    /// <summary>What is tested: gateways, or relays that ran already.</summary>
    Gateways,
}
