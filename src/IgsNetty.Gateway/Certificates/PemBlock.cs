namespace IgsNetty.Gateway.Certificates;

/// <summary>One block of a PEM file.</summary>
/// <param name="Label">What its BEGIN line says, <c>CERTIFICATE</c> for example.</param>
/// <param name="Line">The line of BEGIN, from 1.</param>
/// <param name="Content">What is encoded.</param>
/// <param name="Fault">Why there is no content; empty: there is.</param>
internal sealed record PemBlock(string Label, int Line, byte[] Content, string Fault)
{
    /// <summary>The block has RFC 1421 headers, which a key with a password has.</summary>
    public bool HasHeaders { get; init; }
}
