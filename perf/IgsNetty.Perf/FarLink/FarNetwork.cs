using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.FarLink;

/// <summary>Two network namespaces with a far link between them, gone with this object, whatever happens.</summary>
internal sealed partial class FarNetwork : IDisposable
{
    /// <summary>Of the called side; it exists in the namespaces only.</summary>
    public static readonly IPAddress CalledAddress = IPAddress.Parse("10.203.4.2");

    private const string CallingAddress = "10.203.4.1";
    private const string Device = "far0";

    /// <summary>Windows as large as a fast far link needs, as its systems are set: least, first, most bytes.</summary>
    private const string ReceiveWindow = "4096 131072 67108864";

    private const string SendWindow = "4096 65536 67108864";

    private readonly Stack<IDisposable> _parts = new();

    /// <exception cref="PerfException">The system does not allow it.</exception>
    public FarNetwork(FarPath path)
    {
        try
        {
            Calling = Add(new NetworkNamespace($"igsnetty-perf-{Environment.ProcessId}-a"));
            Called = Add(new NetworkNamespace($"igsnetty-perf-{Environment.ProcessId}-b"));
            TunDevice calling = AddDevice(Calling, path, CallingAddress);
            TunDevice called = AddDevice(Called, path, CalledAddress.ToString());
            Add(new DelayLine(calling, called, path));
            Add(new DelayLine(called, calling, path));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Calling { get; }

    public NetworkNamespace Called { get; }

    /// <summary>Why there can be none; null if there can.</summary>
    public static string? WhyNot() =>
        EffectiveUser() != 0 ? "it needs root, for two network namespaces"
        : !File.Exists("/dev/net/tun") ? "it needs /dev/net/tun"
        : null;

    /// <summary>Listens at the called side, on all its addresses.</summary>
    public Socket Listen() => Called.Do(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        socket.Listen(1024);
        return socket;
    });

    /// <summary>Connects from the calling side.</summary>
    public Socket Connect(IPEndPoint address) => Calling.Do(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        LoadSocket.Prepare(socket);
        socket.Connect(address);
        return socket;
    });

    public void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }

    private TunDevice AddDevice(NetworkNamespace place, FarPath path, string address)
    {
        // A packet's loss is a packet's only where packets come one by one.
        TunDevice device = Add(place.Do(() => new TunDevice(Device, takesSegments: path.Loss == 0)));
        place.Configure("address", "add", $"{address}/24", "dev", Device);
        place.Configure("link", "set", Device, "mtu", "1500", "txqueuelen", "10000", "up");
        place.Configure("link", "set", "lo", "up");
        place.SetSystemValue("ipv4/tcp_rmem", ReceiveWindow);
        place.SetSystemValue("ipv4/tcp_wmem", SendWindow);
        return device;
    }

    private T Add<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
