using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A named pipe whose reader is there and reads only when the test says so. Numbers as on Linux.</summary>
internal sealed partial class UnreadPipe : IDisposable
{
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int OwnerOnly = 0x180; // 0600

    private readonly int _descriptor;

    public UnreadPipe(string path)
    {
        Path = path;
        _descriptor = MakePipe(path, OwnerOnly) == 0 ? Open(path, ReadWrite | NonBlocking) : -1;
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), path);
        }
    }

    public string Path { get; }

    /// <summary>What is in it now.</summary>
    public string Read()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[65_536];
        nint count;
        while ((count = ReadBytes(_descriptor, buffer, buffer.Length)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, (int)count));
        }

        return text.ToString();
    }

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadBytes(int descriptor, [Out] byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
