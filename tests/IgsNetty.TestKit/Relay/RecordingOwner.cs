using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Relay;

/// <summary>Remembers the called side's answer, and attaches a socket if it has one.</summary>
public sealed class RecordingOwner(IStreamSocket? attach = null) : IStreamOwner
{
    public StreamOpened? Opened { get; private set; }

    public ResetReason? Refused { get; private set; }

    public void OnOpened(RelayStream stream, StreamOpened opened)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Opened = opened;
        if (attach is not null)
        {
            stream.Attach(attach);
        }
    }

    public void OnRefused(RelayStream stream, ResetReason reason) => Refused = reason;
}
