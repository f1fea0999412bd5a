using System.Runtime.InteropServices;
using System.Text;

namespace IgsNetty.Gateway;

/// <summary>
/// Standard output and standard error, as the program found them. One that was closed at the start is never written to: its number
/// belongs to a descriptor of the runtime by now.
/// </summary>
internal static partial class StandardStreams
{
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>For results. A write that fails throws <see cref="StandardOutputException"/>.</summary>
    public static TextWriter Output() => Writer(new ResultStream(Open(OutputDescriptor, Console.OpenStandardOutput)));

    /// <summary>For lines about what went wrong. A write that fails is ignored, since there is no other place to report it.</summary>
    public static TextWriter Error(Stream standardError) => Writer(new SilentStream(standardError));

    /// <summary>Standard error itself, for the log.</summary>
    public static Stream OpenError() => Open(ErrorDescriptor, Console.OpenStandardError);

    private static Stream Open(int descriptor, Func<Stream> open) => IsInherited(descriptor) ? open() : ClosedStream.Instance;

    // The descriptors of a program's parent have no close-on-exec flag, or they would not be here. Those that the runtime opens have it.
    private static bool IsInherited(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        int flags = DescriptorFlags(descriptor, GetDescriptorFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    private static TextWriter Writer(Stream stream) => TextWriter.Synchronized(new StreamWriter(stream, Utf8) { AutoFlush = true });

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int DescriptorFlags(int descriptor, int command);

    /// <summary>A stream whose writes a subclass defines.</summary>
    private abstract class WriteOnlyStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public abstract override void Write(ReadOnlySpan<byte> buffer);
    }

    private sealed class ClosedStream : WriteOnlyStream
    {
        public static ClosedStream Instance { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("it is closed");
    }

    private sealed class ResultStream(Stream stream) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                stream.Write(buffer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StandardOutputException($"standard output cannot be written: {(e.InnerException ?? e).Message}", e);
            }
        }
    }

    private sealed class SilentStream(Stream stream) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                stream.Write(buffer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nobody can be told.
            }
        }
    }
}
