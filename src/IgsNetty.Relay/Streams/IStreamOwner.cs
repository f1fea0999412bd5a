using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Streams;

/// <summary>Who opened a stream and waits for the called side's answer. Called on the link's loop.</summary>
public interface IStreamOwner
{
    /// <summary>The called side has its connection. Attach a local socket now, if that has not been done.</summary>
    void OnOpened(RelayStream stream, StreamOpened opened);

    /// <summary>The stream ended before a local socket was attached.</summary>
    void OnRefused(RelayStream stream, ResetReason reason);
}
