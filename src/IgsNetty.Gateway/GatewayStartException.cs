namespace IgsNetty.Gateway;

/// <summary>The gateway cannot start; the message names the key and the fix.</summary>
public sealed class GatewayStartException : Exception
{
    public GatewayStartException()
    {
    }

    public GatewayStartException(string message)
        : base(message)
    {
    }

    public GatewayStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
