using System.Text;

namespace IgsNetty.Gateway.Tests.Logging;

/// <summary>Standard error as a pipe that is full: a write waits until somebody reads, or fails.</summary>
internal sealed class StuckStream : MemoryStream
{
    private readonly ManualResetEventSlim _isRead = new();
    private readonly ManualResetEventSlim _isEntered = new();

    /// <summary>What writes throw from now on; null: nothing.</summary>
    public Exception? Fault { get; set; }

    public string Text
    {
        get
        {
            lock (_isRead)
            {
                return Encoding.UTF8.GetString(ToArray());
            }
        }
    }

    /// <summary>From now on all that is written is read.</summary>
    public void Read() => _isRead.Set();

    /// <summary>Returns when a write waits.</summary>
    public void WaitForWrite() => Assert(_isEntered.Wait(TimeSpan.FromMinutes(1)));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _isEntered.Set();
        _isRead.Wait();
        lock (_isRead)
        {
            if (Fault is { } fault)
            {
                throw fault;
            }

            base.Write(buffer);
        }
    }

    private static void Assert(bool isTrue) => Xunit.Assert.True(isTrue, "no write within a minute");
}
