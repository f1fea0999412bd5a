using DotNetty.Buffers;

namespace IgsNetty.Transport.Tls;

/// <summary>
/// The TLS of one connection, without any I/O: what came goes in, what is to be sent goes to the <see cref="ITlsOutput"/> that it
/// was made with. Used by one thread at a time, the connection's loop. Does not judge the peer's certificate: whoever uses it
/// does, before it looks at the first byte (<see cref="Session"/>).
/// </summary>
public interface ITlsEngine : IDisposable
{
    /// <summary>What the two ends have agreed on; null until the handshake is over.</summary>
    TlsSession? Session { get; }

    /// <summary>Goes on with the handshake, as far as what came allows. The first call may come with nothing.</summary>
    /// <param name="input">What came; its reader index moves over what is used. The reference stays with the caller.</param>
    /// <returns>True when the handshake is over. What is left of the input is for <see cref="Read"/>.</returns>
    /// <exception cref="TlsException">It failed; an alert for the peer may have gone to the output.</exception>
    bool Handshake(IByteBuffer input);

    /// <summary>Decrypts. To be called until it returns 0: it may hold back what it was given earlier.</summary>
    /// <param name="input">As in <see cref="Handshake"/>.</param>
    /// <param name="plaintext">Not empty.</param>
    /// <returns>Bytes of plaintext; 0 when the input is used up; <see cref="TlsRead.End"/> when the peer's close_notify was read.</returns>
    /// <exception cref="TlsException">What came is no good; nothing can be read any more.</exception>
    int Read(IByteBuffer input, Memory<byte> plaintext);

    /// <summary>Encrypts all of it to the output.</summary>
    /// <exception cref="TlsException">Nothing can be written any more.</exception>
    void Write(ReadOnlySpan<byte> plaintext);

    /// <summary>Writes close_notify; nothing is to be written after it. Reading goes on.</summary>
    void Close();
}
