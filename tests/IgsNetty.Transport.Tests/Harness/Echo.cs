namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// Sends back what comes, in the buffers it came in, as a relay does: reading stops while too much is pending, and the end
/// follows the last byte. On the loop.
/// </summary>
internal sealed class Echo : IByteOutputListener
{
    private const int MostPending = 200_000;

    private readonly StreamEnd _end;
    private readonly SentLog _log;
    private bool _inputEnded;
    private long _queued;

    private Echo(StreamEnd end)
    {
        _end = end;
        _log = new SentLog(end.Channel) { Then = _ => GoOn() };
    }

    public string? Fault => _log.Fault;

    public bool HasReportedAll => _log.Total == Interlocked.Read(ref _queued);

    public static async Task<Echo> BeginAsync(StreamEnd end)
    {
        Echo echo = new(end);
        await end.Loop.CallAsync(() =>
        {
            end.Socket.OutputListener = echo;
            end.Probe.Inspect = buffer =>
            {
                int size = buffer.ReadableBytes;
                echo._log.IsCalling = true;
                int taken = end.Socket.Send(buffer.RetainedDuplicate());
                echo._log.IsCalling = false;
                Interlocked.Add(ref echo._queued, size - taken);
                end.Channel.Configuration.AutoRead = end.Socket.PendingBytes < MostPending;
            };
            end.Probe.On = (_, told) =>
            {
                if (told.Kind == ProbeEventKind.InputShutdown)
                {
                    echo._inputEnded = true;
                    echo.GoOn();
                }
            };
            end.Channel.Configuration.AutoRead = true;
        });
        return echo;
    }

    public void OnSent(int bytes) => _log.OnSent(bytes);

    private void GoOn()
    {
        if (_end.Socket.PendingBytes > 0)
        {
            return;
        }

        if (_inputEnded)
        {
            _end.Socket.ShutdownOutput();
        }
        else
        {
            _end.Channel.Configuration.AutoRead = true;
        }
    }
}
