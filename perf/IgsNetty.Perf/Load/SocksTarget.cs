using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>The connect target behind a SOCKS5 server, which is asked for it. It owns nothing.</summary>
internal sealed class SocksTarget(ConnectTarget target) : ITarget
{
    public string Name => TargetNames.Socks;

    public IPEndPoint Address => target.Address;

    /// <param name="address">Of the SOCKS5 server.</param>
    public void Probe(IPEndPoint address)
    {
        using Socket socket = SocksDialogue.Connect(address, Address);
        ConnectTarget.Exchange(socket);
    }

    public void Dispose()
    {
    }
}
