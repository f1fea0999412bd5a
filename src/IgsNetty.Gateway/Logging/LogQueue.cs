using System.Text;

namespace IgsNetty.Gateway.Logging;

/// <summary>
/// Log lines on their way to standard error. Whoever logs never waits for it: a thread of its own writes, and a line that does not
/// fit into the queue is dropped and counted. The next line that is written says how many were dropped. Thread-safe.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    /// <summary>How much may wait: some 2,000 lines.</summary>
    internal const int DefaultMaxChars = 256 * 1024;

    private const int BatchChars = 32 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Queue<Entry> _entries = new();
    private readonly Stream _stream;
    private readonly Func<long, string> _notice;
    private readonly TimeSpan _flushLimit;
    private readonly int _maxChars;
    private readonly Thread _thread;
    private int _queuedChars;
    private long _dropped;
    private bool _hasFailed;
    private bool _isClosed;

    /// <param name="stream">Where lines go. The queue does not close it.</param>
    /// <param name="notice">The line, with its newline, that tells how many were dropped.</param>
    /// <param name="flushLimit">How long the end may wait until what is queued is written.</param>
    /// <param name="maxChars">The limit of what is queued.</param>
    public LogQueue(Stream stream, Func<long, string> notice, TimeSpan flushLimit, int maxChars = DefaultMaxChars)
    {
        _stream = stream;
        _notice = notice;
        _flushLimit = flushLimit;
        _maxChars = maxChars;
        _thread = new Thread(Write) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>The last write has failed.</summary>
    internal bool HasFailed
    {
        get
        {
            lock (_entries)
            {
                return _hasFailed;
            }
        }
    }

    /// <summary>Queues a line, with its newline, or drops it. Never blocks on the stream.</summary>
    public void Add(string line)
    {
        lock (_entries)
        {
            if (_isClosed)
            {
                return;
            }

            // After a drop the queue gets room first. Otherwise every second line would be a notice.
            int limit = _dropped > 0 ? _maxChars / 2 : _maxChars;
            if (_queuedChars + line.Length > limit)
            {
                _dropped++;
                return;
            }

            _entries.Enqueue(new Entry(line, _dropped));
            _queuedChars += line.Length;
            _dropped = 0;
            Monitor.Pulse(_entries);
        }
    }

    /// <summary>Takes no more lines, and waits until those that are queued are written, up to the limit.</summary>
    public void Dispose()
    {
        lock (_entries)
        {
            _isClosed = true;
            Monitor.Pulse(_entries);
        }

        _ = _thread.Join(_flushLimit);
    }

    private void Write()
    {
        StringBuilder text = new();
        while (TakeBatch(text, out int chars, out long lines))
        {
            bool isWritten = TryWrite(text);
            lock (_entries)
            {
                _queuedChars -= chars;
                _hasFailed = !isWritten;
                _dropped += isWritten ? 0 : lines;
            }
        }
    }

    /// <param name="text">What to write.</param>
    /// <param name="chars">What it frees in the queue.</param>
    /// <param name="lines">The lines in it and those that its notices tell of.</param>
    /// <returns>False at the end.</returns>
    private bool TakeBatch(StringBuilder text, out int chars, out long lines)
    {
        text.Clear();
        chars = 0;
        lines = 0;
        lock (_entries)
        {
            // A stream that has failed is tried again with the next line, not with the notice alone.
            while (_entries.Count == 0 && !_isClosed && (_dropped == 0 || _hasFailed))
            {
                Monitor.Wait(_entries);
            }

            while (chars < BatchChars && _entries.TryDequeue(out Entry entry))
            {
                AddNotice(text, entry.DroppedBefore);
                text.Append(entry.Line);
                chars += entry.Line.Length;
                lines += 1 + entry.DroppedBefore;
            }

            if (_entries.Count == 0 && !_hasFailed)
            {
                AddNotice(text, _dropped);
                lines += _dropped;
                _dropped = 0;
            }
        }

        return text.Length > 0;
    }

    private void AddNotice(StringBuilder text, long dropped)
    {
        if (dropped > 0)
        {
            text.Append(_notice(dropped));
        }
    }

    private bool TryWrite(StringBuilder text)
    {
        try
        {
            _stream.Write(Utf8.GetBytes(text.ToString()));
            _stream.Flush();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false; // a full disk, say; the notice tells it when there is room again
        }
    }

    private readonly record struct Entry(string Line, long DroppedBefore);
}
