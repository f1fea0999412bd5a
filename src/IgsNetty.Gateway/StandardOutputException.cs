namespace IgsNetty.Gateway;

/// <summary>A result cannot be written to standard output; the message gives the reason.</summary>
public sealed class StandardOutputException : Exception
{
    public StandardOutputException()
    {
    }

    public StandardOutputException(string message)
        : base(message)
    {
    }

    public StandardOutputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
