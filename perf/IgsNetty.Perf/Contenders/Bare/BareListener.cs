using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>Accepts every call and connects it on.</summary>
/// <param name="listener">Non-blocking; lives as long as the process.</param>
/// <param name="target">Where its calls go.</param>
/// <param name="loop">Of the calls.</param>
internal sealed class BareListener(Socket listener, IPEndPoint target, BareLoop loop) : IBareTarget
{
    private readonly byte[] _target = target.Serialize().Buffer[..LinuxSocket.AddressSize].ToArray();

    public int Handle => (int)listener.Handle;

    /// <inheritdoc/>
    public void OnReady(int socket, bool isReadable, bool hasEnded)
    {
        for (int caller; (caller = LinuxSocket.Accept(Handle)) >= 0;)
        {
            int called = LinuxSocket.OpenStream();
            int result = called < 0 ? called : LinuxSocket.Connect(called, _target);
            if (result is >= 0 or LinuxSocket.InProgress)
            {
                LinuxSocket.SetNoDelay(called);
                new BareCall(caller, called, loop).Begin();
            }
            else
            {
                LinuxSocket.Close(caller);
                LinuxSocket.Close(called);
            }
        }
    }
}
