namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>Reads small files whole, and says in plain words why one cannot be read.</summary>
internal static class BoundedFile
{
    /// <summary>What is read at first: more than most files have. A pipe does not tell its length.</summary>
    private const int FirstBytes = 16 * 1024;

    /// <summary>Reads a file of at most <paramref name="mostBytes"/>; also a pipe, so <c>--config &lt;(…)</c> works.</summary>
    /// <returns>False with the reason in <paramref name="error"/>, which does not hold the file's name.</returns>
    public static bool TryRead(string path, int mostBytes, out byte[] content, out string error)
    {
        content = [];
        if (string.IsNullOrWhiteSpace(path))
        {
            error = "the file name is empty";
            return false;
        }

        try
        {
            if (Directory.Exists(path))
            {
                error = "it is a folder, not a file";
                return false;
            }

            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] buffer = new byte[Math.Min(FirstBytes, mostBytes + 1)];
            int length = 0;
            while ((length += file.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false)) == buffer.Length && length <= mostBytes)
            {
                Array.Resize(ref buffer, Math.Min(2 * length, mostBytes + 1));
            }

            content = length > mostBytes ? [] : buffer[..length];
            error = length > mostBytes ? $"it is larger than {mostBytes} bytes" : "";
            return length <= mostBytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            error = "there is no such file";
        }
        catch (UnauthorizedAccessException)
        {
            error = "it cannot be read: permission denied";
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            error = "it cannot be read";
        }

        return false;
    }
}
