using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>One call of <see cref="FakeTransport.ConnectAsync"/>, which the test answers. Any thread.</summary>
public sealed class ConnectAttempt
{
    private readonly TaskCompletionSource<IStreamSocket> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ConnectAttempt(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        Address = address;
        Loop = loop;
        cancellation.Register(() => _result.TrySetCanceled(cancellation));
    }

    public IPEndPoint Address { get; }

    public IEventLoop Loop { get; }

    /// <summary>The caller has given it up.</summary>
    public bool IsCancelled => _result.Task.IsCanceled;

    internal Task<IStreamSocket> Result => _result.Task;

    public void Succeed(IStreamSocket socket) => _result.TrySetResult(socket);

    public void Fail(SocketError error) => _result.TrySetException(new SocketException((int)error));
}
