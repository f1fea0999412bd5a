using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>
/// A non-blocking socket. Its loop uses <see cref="Number"/> as it is, since it is also the one that closes. The other
/// members may be called on any thread: they hold the socket open meanwhile, so that the number cannot be another's by then;
/// on a closed one they throw <see cref="ObjectDisposedException"/>.
/// </summary>
internal sealed unsafe class SocketDescriptor : SafeHandle
{
    private const int LargestAddress = 128;

    private static readonly UnixDomainSocketEndPoint AnyUnix = new("/");

    private SocketDescriptor(int number, int family)
        : base(-1, true)
    {
        SetHandle(number);
        Family = family;
    }

    public int Number => IsDisposed ? -1 : (int)handle;

    /// <summary>It is closed, or will be as soon as a call of another thread has come back: until then it is not <see cref="SafeHandle.IsClosed"/>.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>AF_INET, AF_INET6 or AF_UNIX.</summary>
    public int Family { get; }

    public override bool IsInvalid => handle < 0;

    /// <exception cref="SocketException">There is no descriptor left, or no such family.</exception>
    public static SocketDescriptor Open(AddressFamily family, int type)
    {
        int number = ToNative(family);
        SocketDescriptor socket = new(Check(Libc.Socket(number, type | Libc.SocketFlags, 0)), number);
        if (DescriptorReserve.Includes(socket.Number))
        {
            socket.Dispose();
            throw Errno.TooManyOpenFiles.ToException();
        }

        return socket;
    }

    /// <summary>Takes the next caller of a listening socket, who is at the address that is written.</summary>
    /// <returns>Null: see the thread's last error. When that is for want of descriptors, a caller may have been refused, with a reset.</returns>
    public SocketDescriptor? Accept(byte* address, int* size)
    {
        int number = Libc.Accept(Number, address, size, Libc.SocketFlags);
        if (number < 0)
        {
            return null;
        }

        SocketDescriptor socket = new(number, Family);
        if (!DescriptorReserve.Includes(number))
        {
            return socket;
        }

        socket.SetLinger(0);
        socket.Dispose();
        Marshal.SetLastPInvokeError((int)Errno.TooManyOpenFiles);
        return null;
    }

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public void Bind(EndPoint address)
    {
        SocketAddress native = ToFamily(address).Serialize();
        fixed (byte* bytes = native.Buffer.Span)
        {
            Check(Libc.Bind(Number, bytes, native.Size));
        }
    }

    /// <returns>None: it is connected. InProgress: it will tell by being writable.</returns>
    public Errno Connect(EndPoint address)
    {
        SocketAddress native = ToFamily(address).Serialize();
        fixed (byte* bytes = native.Buffer.Span)
        {
            return Libc.Connect(Number, bytes, native.Size) == 0 ? Errno.None : ErrnoExtensions.Last();
        }
    }

    /// <summary>The own address; null before the socket is bound or connected, when the kernel reports port 0 or an empty name.</summary>
    public EndPoint? LocalAddress()
    {
        byte* address = stackalloc byte[LargestAddress];
        int size = LargestAddress;
        if (IsDisposed || Libc.GetLocalAddress(this, address, &size) != 0 || size <= sizeof(ushort))
        {
            return null;
        }

        EndPoint? local = ToEndPoint(new ReadOnlySpan<byte>(address, size));
        return local is IPEndPoint { Port: 0 } ? null : local;
    }

    public int Get(SocketOption option)
    {
        int value = 0;
        int size = sizeof(int);
        Check(Libc.GetOption(this, option.Level, option.Number, &value, &size));
        return value;
    }

    public void Set(SocketOption option, int value) => Check(TrySet(option, value) ? 0 : -1);

    /// <returns>False: see the thread's last error.</returns>
    public bool TrySet(SocketOption option, int value) =>
        Libc.SetOption(this, option.Level, option.Number, &value, sizeof(int)) == 0;

    /// <summary>Writes an option that is a structure.</summary>
    public void Set(SocketOption option, byte* value, int size) => Check(Libc.SetOption(this, option.Level, option.Number, value, size));

    /// <summary>Reads an option that is a structure.</summary>
    public void Get(SocketOption option, byte* value, int size) =>
        Check(Libc.GetOption(this, option.Level, option.Number, value, &size));

    /// <returns>Seconds; -1: off.</returns>
    public int GetLinger()
    {
        int* linger = stackalloc int[2]; // struct linger: on, seconds
        Get(SocketOption.Linger, (byte*)linger, 2 * sizeof(int));
        return linger[0] == 0 ? -1 : linger[1];
    }

    /// <param name="seconds">-1: off; 0: a close sends RST and throws away what was not sent.</param>
    public void SetLinger(int seconds)
    {
        int* linger = stackalloc int[2] { seconds < 0 ? 0 : 1, Math.Max(seconds, 0) };
        Check(Libc.SetOption(this, SocketOption.Linger.Level, SocketOption.Linger.Number, linger, 2 * sizeof(int)));
    }

    /// <summary>The error that the socket has met, once.</summary>
    public Errno TakeError()
    {
        int error = 0;
        int size = sizeof(int);
        return Libc.GetOption(this, SocketOption.Error.Level, SocketOption.Error.Number, &error, &size) == 0
            ? (Errno)error
            : ErrnoExtensions.Last();
    }

    /// <summary>From the kernel's form (sockaddr); null when it is none that is known.</summary>
    public static EndPoint? ToEndPoint(ReadOnlySpan<byte> address)
    {
        switch (address.Length < sizeof(ushort) ? 0 : MemoryMarshal.Read<ushort>(address))
        {
            case Libc.Inet:
                return new IPEndPoint(new IPAddress(address.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case Libc.Inet6:
                IPAddress ip = new(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..]));
                return new IPEndPoint(ip, BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case Libc.Unix:
                SocketAddress native = new(AddressFamily.Unix, address.Length);
                address[2..].CopyTo(native.Buffer.Span[2..]);
                return AnyUnix.Create(native);
            default:
                return null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static int Check(int result) => result >= 0 ? result : throw ErrnoExtensions.LastException();

    private static int ToNative(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Libc.Inet,
        AddressFamily.InterNetworkV6 => Libc.Inet6,
        AddressFamily.Unix => Libc.Unix,
        _ => throw Errno.FamilyNotSupported.ToException(),
    };

    // A socket of IPv6 takes IPv4 addresses in their mapped form.
    private EndPoint ToFamily(EndPoint address) =>
        Family == Libc.Inet6 && address is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip
            ? new IPEndPoint(ip.Address.MapToIPv6(), ip.Port)
            : address;
}
