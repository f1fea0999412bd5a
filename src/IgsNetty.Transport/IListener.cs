using System.Net;

namespace IgsNetty.Transport;

/// <summary>A bound listening socket.</summary>
public interface IListener
{
    /// <summary>The bound address, with the real port.</summary>
    IPEndPoint Address { get; }

    /// <summary>Stops accepting. Accepted sockets live on. Safe to call twice, from any thread.</summary>
    void Close();
}
