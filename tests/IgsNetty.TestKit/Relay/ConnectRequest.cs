using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Relay;

/// <summary>One call of a <see cref="FakeConnector"/>, which the test answers.</summary>
public sealed class ConnectRequest(TargetAddress target, string caller)
{
    private readonly TaskCompletionSource<ConnectResult> _answer = new();

    public TargetAddress Target { get; } = target;

    public string Caller { get; } = caller;

    internal Task<ConnectResult> Answer => _answer.Task;

    public void Connect(IStreamSocket socket) => Set(ConnectResult.Connected(socket));

    public void Fail(ResetReason reason) => Set(ConnectResult.Failed(reason));

    // What awaits the answer goes on inside this call, on the test's thread: without a context, nothing is posted elsewhere.
    private void Set(ConnectResult result)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _answer.SetResult(result);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
