using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Relay;

/// <summary>One call of a <see cref="FakeConnector"/>, which the test answers.</summary>
public sealed class ConnectRequest(TargetAddress target, CallOrigin origin)
{
    private readonly TaskCompletionSource<ConnectResult> _answer = new();

    public TargetAddress Target { get; } = target;

    /// <summary>The <c>From</c> of the access rules.</summary>
    public string Caller => Origin.From;

    public CallOrigin Origin { get; } = origin;

    internal Task<ConnectResult> Answer => _answer.Task;

    /// <summary>Whoever asked has given it up.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>The target answers. One that nobody waits for any more is closed, as a transport does.</summary>
    public void Connect(IStreamSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (IsCancelled)
        {
            socket.Abort();
        }
        else
        {
            Set(ConnectResult.Connected(socket));
        }
    }

    public void Fail(ResetReason reason, int attempts = 1)
    {
        if (!_answer.Task.IsCompleted)
        {
            Set(ConnectResult.Failed(reason) with { Attempts = attempts });
        }
    }

    internal void Cancel()
    {
        if (!_answer.Task.IsCompleted)
        {
            IsCancelled = true;
            Set(ConnectResult.Failed(ResetReason.Cancelled));
        }
    }

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
