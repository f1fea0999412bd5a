using System.Net;
using System.Net.Sockets;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>A port that is taken but not listened on: connections to it are refused, and nobody else can get it meanwhile.</summary>
internal sealed class RefusingPort : IAsyncDisposable
{
    private readonly Socket _holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusingPort()
    {
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_holder.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public ValueTask DisposeAsync()
    {
        _holder.Dispose();
        return ValueTask.CompletedTask;
    }
}
