using System.Runtime.InteropServices;
using System.Text;

namespace IgsNetty.Perf.FarLink;

/// <summary>
/// A network device whose packets are read and written here. Each comes with the kernel's ten bytes about segments and checksums
/// before it, so that one read moves up to 64 KiB of a TCP stream, as between a fast system and its network card.
/// </summary>
internal sealed unsafe partial class TunDevice : IDisposable
{
    /// <summary>Of the kernel's bytes before each packet.</summary>
    public const int HeaderSize = 10;

    /// <summary>The most that one read gives.</summary>
    public const int MostBytes = HeaderSize + 65_550;

    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const nuint SetInterface = 0x400454ca;
    private const nuint SetOffload = 0x400454d0;
    private const short Tun = 0x1;
    private const short WithoutPacketInformation = 0x1000;
    private const short WithHeader = 0x4000;
    private const nint Checksums = 0x1;
    private const nint Segments = 0x2 | 0x4;
    private const int NameSize = 16;
    private const int RequestSize = 40;

    private readonly int _file;

    /// <summary>In the namespace of the calling thread.</summary>
    /// <param name="name">Up to 15 letters.</param>
    /// <param name="takesSegments">TCP's bytes come 64 KiB at a time; else a packet at a time.</param>
    /// <exception cref="PerfException">The system does not allow it.</exception>
    public TunDevice(string name, bool takesSegments)
    {
        _file = Check(Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec));
        byte* request = stackalloc byte[RequestSize];
        new Span<byte>(request, RequestSize).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, NameSize - 1));
        *(short*)(request + NameSize) = Tun | WithoutPacketInformation | WithHeader;
        Check(Control(_file, SetInterface, (nint)request));
        Check(Control(_file, SetOffload, takesSegments ? Checksums | Segments : 0));
    }

    public int Handle => _file;

    /// <returns>Bytes of header and packet; below 0 when there is none.</returns>
    public int Read(byte* buffer) => (int)Read(_file, buffer, MostBytes);

    /// <summary>A packet that the system does not take is lost, as on any link.</summary>
    public void Write(byte* bytes, int count) => _ = Write(_file, bytes, count);

    public void Dispose() => _ = Close(_file);

    private static int Check(int result) => result >= 0
        ? result
        : throw new PerfException($"far needs a TUN device (/dev/net/tun, root): {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, nint value);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
