namespace IgsNetty.Transport.Tls;

/// <summary>What <see cref="ITlsEngine.Read"/> returns beside a number of bytes.</summary>
public static class TlsRead
{
    /// <summary>The peer has said that nothing more will come.</summary>
    public const int End = -1;
}
