namespace IgsNetty.Transport;

/// <summary>A handle of receive buffers that leaves room in front of what is received: a transport that uses a buffer again leaves it too.</summary>
public interface IReceiveHeadroom
{
    /// <summary>Bytes.</summary>
    int Headroom { get; }
}
