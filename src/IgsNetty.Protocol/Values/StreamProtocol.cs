namespace IgsNetty.Protocol.Values;

/// <summary>What a stream carries.</summary>
public enum StreamProtocol : byte
{
    Tcp = 1,
    Udp = 2,
}
