namespace IgsNetty.TestKit.Tls;

/// <summary>What a certificate for a test says; by default one that a gateway of the name may use.</summary>
/// <param name="Names">Its DNS names.</param>
public sealed record TestCertificate(params string[] Names)
{
    public const string Listening = "1.3.6.1.5.5.7.3.1";
    public const string Dialling = "1.3.6.1.5.5.7.3.2";

    /// <summary>anyExtendedKeyUsage.</summary>
    public const string Anything = "2.5.29.37.0";

    public string CommonName { get; init; } = "a gateway";

    /// <summary>Days from now.</summary>
    public double Begins { get; init; } = -1;

    /// <summary>Days from now.</summary>
    public double Ends { get; init; } = 30;

    /// <summary>Its extended key usages; empty: it does not speak of them.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [Listening, Dialling];

    /// <summary>Whether its key may sign handshakes.</summary>
    public bool Signs { get; init; } = true;
}
