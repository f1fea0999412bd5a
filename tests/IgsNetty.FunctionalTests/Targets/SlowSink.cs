namespace IgsNetty.FunctionalTests.Targets;

/// <summary>A server that accepts, and reads nothing until it is told to.</summary>
internal sealed class SlowSink : IAsyncDisposable
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowSink() => Server = new TcpTarget<Received>(async (socket, stop) =>
    {
        await _go.Task.WaitAsync(stop);
        return await Transfer.ReceiveAsync(socket, stop);
    });

    public TcpTarget<Received> Server { get; }

    public void Read() => _go.SetResult();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
