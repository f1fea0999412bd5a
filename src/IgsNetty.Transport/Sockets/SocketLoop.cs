using DotNetty.Transport.Channels;
using IgsNetty.Transport.Loops;

namespace IgsNetty.Transport.Sockets;

/// <summary>The loop of the portable transport: .NET's sockets hand it what they have as tasks, so it waits for nothing else.</summary>
internal sealed class SocketLoop : TransportLoop
{
    private readonly ManualResetEventSlim _wakeUp = new();

    // Touched on the loop only.
    private readonly HashSet<IChannel> _channels = [];

    public SocketLoop(int number)
        : base(null, $"sockets-{number}") => Start();

    /// <summary>A channel lives here from now on; on the loop.</summary>
    public void Add(IChannel channel) => _channels.Add(channel);

    /// <summary>It has gone; on the loop.</summary>
    public void Remove(IChannel channel) => _channels.Remove(channel);

    protected override void CloseAll()
    {
        foreach (IChannel channel in _channels.ToArray())
        {
            _ = channel.CloseAsync();
        }
    }

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
