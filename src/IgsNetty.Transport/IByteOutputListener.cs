namespace IgsNetty.Transport;

/// <summary>Hears from an <see cref="IByteOutput"/>.</summary>
public interface IByteOutputListener
{
    /// <summary>
    /// The kernel has taken this many more of the bytes that <see cref="IByteOutput.Send"/> queued. Called on the event
    /// loop. Not called for bytes that were thrown away because the channel closed.
    /// </summary>
    void OnSent(int bytes);
}
