using DotNetty.Buffers;

namespace IgsNetty.Relay.Streams;

/// <summary>What a local socket is joined to. Called on the socket's loop.</summary>
internal interface ILocalSide
{
    /// <summary>Bytes from the application; the buffer's reference moves to the callee.</summary>
    void OnRead(IByteBuffer buffer);

    /// <summary>The application has shut its sending side (FIN).</summary>
    void OnEnd();

    /// <summary>The socket is gone; called again or after an orderly close it must be ignored.</summary>
    /// <param name="cause">What failed, or null when it is just closed.</param>
    void OnLost(Exception? cause);
}
