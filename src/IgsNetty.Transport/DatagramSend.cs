namespace IgsNetty.Transport;

/// <summary>What became of a datagram that was given to an <see cref="IDatagramSocket"/>. Only the first is good; none is an exception.</summary>
public enum DatagramSend
{
    /// <summary>The kernel has it.</summary>
    Sent,

    /// <summary>The kernel has no room now; dropped.</summary>
    Full,

    /// <summary>Too large for the way there; dropped.</summary>
    TooLarge,

    /// <summary>There is no way there from this socket, or it is closed; dropped.</summary>
    Unreachable,
}
