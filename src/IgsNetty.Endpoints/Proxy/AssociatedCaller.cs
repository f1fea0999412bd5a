using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>Sends replies to a client of UDP ASSOCIATE, each behind the header that tells its source.</summary>
internal sealed class AssociatedCaller(IRelayPort port, FlowRequest request) : IFlowCaller
{
    private const int LargestPayload = 65536;

    [ThreadStatic]
    private static byte[]? t_datagram;

    public DatagramSend Deliver(in FlowAddress source, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = t_datagram ??= GC.AllocateUninitializedArray<byte>(Socks5Datagram.MaxHeader + LargestPayload);
        int header = Socks5Datagram.WriteHeader(datagram, source.IsTarget ? FlowAddress.From(request.Target) : source);
        payload.CopyTo(datagram.AsSpan(header));
        return port.Send(request.Client, datagram.AsSpan(0, header + payload.Length));
    }

    public void OnFlowEnded()
    {
        // Nothing was opened for the flow alone.
    }
}
