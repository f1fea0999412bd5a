namespace IgsNetty.Relay.Pipeline;

/// <summary>No link came about; the message says why, for an operator.</summary>
public sealed class LinkHandshakeException : Exception
{
    public LinkHandshakeException()
    {
    }

    public LinkHandshakeException(string message)
        : base(message)
    {
    }

    public LinkHandshakeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
