namespace IgsNetty.Transport.Tls;

/// <summary>Makes one message of what a TLS library says in several nested ones.</summary>
internal static class TlsFailure
{
    private const int MostCharacters = 300;

    public static TlsException InHandshake(Exception cause) => new($"the TLS handshake failed: {Tell(cause)}", cause);

    public static TlsException InRecord(Exception cause) => new($"TLS failed: {Tell(cause)}", cause);

    /// <summary>The innermost message says most; the alert of a peer is in plain words there.</summary>
    private static string Tell(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        string text = cause.Message.ReplaceLineEndings(" ").Trim();
        return text.Length <= MostCharacters ? text : text[..MostCharacters];
    }
}
