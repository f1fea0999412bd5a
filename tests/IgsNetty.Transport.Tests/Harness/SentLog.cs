using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Hears what an output has sent.</summary>
internal sealed class SentLog(IChannel channel) : IByteOutputListener
{
    private long _total;
    private volatile int _calls;

    /// <summary>Runs with every report.</summary>
    public Action<int>? Then { get; set; }

    /// <summary>A test sets it around its calls to the output.</summary>
    public bool IsCalling { get; set; }

    public long Total => Interlocked.Read(ref _total);

    public int Calls => _calls;

    /// <summary>A report came from outside the loop, from inside a call, or of no bytes.</summary>
    public string? Fault { get; private set; }

    public void OnSent(int bytes)
    {
        if (!channel.EventLoop.InEventLoop)
        {
            Fault = "told outside the loop";
        }
        else if (IsCalling)
        {
            Fault = "told from inside a call";
        }
        else if (bytes <= 0)
        {
            Fault = $"told of {bytes} bytes";
        }

        Interlocked.Add(ref _total, bytes);
        Then?.Invoke(bytes);
        _calls++;
    }
}
