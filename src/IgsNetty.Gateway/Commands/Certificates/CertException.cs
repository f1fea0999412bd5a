namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>A certificate cannot be made or shown; the message names the file and the fix.</summary>
public sealed class CertException : Exception
{
    public CertException()
    {
    }

    public CertException(string message)
        : base(message)
    {
    }

    public CertException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
