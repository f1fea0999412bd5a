using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Endpoints.Names;

/// <summary>A small file of the system, read again when it has changed. Thread-safe.</summary>
/// <typeparam name="T">What its text means. Immutable.</typeparam>
internal sealed class WatchedFile<T>
    where T : class
{
    private readonly string _path;
    private readonly Func<string, T> _parse;
    private readonly T _empty;
    private readonly Lock _lock = new();
    private Content _content;
    private Task<T>? _reading;

    /// <param name="path">The file; it need not exist.</param>
    /// <param name="parse">Reads its text.</param>
    /// <param name="empty">What holds while there is no such file.</param>
    public WatchedFile(string path, Func<string, T> parse, T empty)
    {
        _path = path;
        _parse = parse;
        _empty = empty;
        _content = Read();
    }

    /// <summary>What the file says now. Completed unless the file has changed: then it is read on another thread than the caller's loop.</summary>
    public ValueTask<T> CurrentAsync()
    {
        Content content = Volatile.Read(ref _content);
        if (content.Stamp == Stamp())
        {
            return new ValueTask<T>(content.Value);
        }

        lock (_lock)
        {
            return new ValueTask<T>(_reading ??= Task.Run(ReadAgain));
        }
    }

    private T ReadAgain()
    {
        Content content = Read();
        lock (_lock)
        {
            Volatile.Write(ref _content, content);
            _reading = null;
        }

        return content.Value;
    }

    // The stamp is taken before the text: what changes in between is read again.
    private Content Read()
    {
        (DateTime, long) stamp = Stamp();
        try
        {
            return new Content(stamp, _parse(File.ReadAllText(_path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Content(stamp, _empty);
        }
    }

    // Of the open file: its path may be a symbolic link.
    private (DateTime Written, long Length) Stamp()
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(_path);
            return (File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private sealed record Content((DateTime Written, long Length) Stamp, T Value);
}
