namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>How a socket under test came to be.</summary>
public enum Origin
{
    Accepted,
    Dialled,
}
