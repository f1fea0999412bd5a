using IgsNetty.Transport.Loops;

namespace IgsNetty.Transport.Sockets;

/// <summary>The loop of the portable transport: .NET's sockets hand it what they have as tasks, so it waits for nothing else.</summary>
internal sealed class SocketLoop : TransportLoop
{
    private readonly ManualResetEventSlim _wakeUp = new();

    public SocketLoop(int number)
        : base(null, $"sockets-{number}") => Start();

    protected override void Wait(int milliseconds)
    {
        if (milliseconds != 0)
        {
            _wakeUp.Wait(milliseconds);
            _wakeUp.Reset();
        }
    }

    protected override void WakeUp() => _wakeUp.Set();
}
