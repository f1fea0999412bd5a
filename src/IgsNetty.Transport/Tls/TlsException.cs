namespace IgsNetty.Transport.Tls;

/// <summary>TLS has failed on one connection; the message says why, for an operator.</summary>
public sealed class TlsException : Exception
{
    public TlsException()
    {
    }

    public TlsException(string message)
        : base(message)
    {
    }

    public TlsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
