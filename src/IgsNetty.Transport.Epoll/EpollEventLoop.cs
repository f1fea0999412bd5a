using System.Net.Sockets;
using System.Runtime.InteropServices;
using DotNetty.Common.Internal.Logging;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Loops;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// An event loop on epoll. One thread waits for the sockets of its channels, timers and tasks, and runs all of them; an
/// eventfd ends the wait for a task that another thread gives, and only while the thread waits. Only the channels of this
/// project can be registered with it. Its end closes them.
/// </summary>
public sealed unsafe class EpollEventLoop : TransportLoop
{
    private const int MostEvents = 256;
    internal const EpollEvents Everything = EpollEvents.Readable | EpollEvents.Urgent | EpollEvents.Writable | EpollEvents.PeerEnded;

    private static readonly IInternalLogger Logger = InternalLoggerFactory.GetInstance<EpollEventLoop>();

    private static int s_loops;

    private readonly int _epoll;
    private readonly int _wakeUp;
    private readonly byte* _events;
    private readonly BusyPoll _busyPoll;

    // By descriptor. A closed descriptor's number is soon that of another: the generation tells an event's addressee.
    private Registration[] _registered = new Registration[64];
    private uint _generation;
    private DatagramBatch? _datagrams;
    private int _ready;

    /// <summary>A loop of its own.</summary>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollEventLoop()
        : this(null, DefaultBusyPoll)
    {
    }

    /// <param name="parent">The group it belongs to; null: none.</param>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollEventLoop(IEventLoopGroup? parent)
        : this(parent, DefaultBusyPoll)
    {
    }

    /// <param name="parent">The group it belongs to; null: none.</param>
    /// <param name="busyPoll">The longest it looks for something to do before it sleeps, while that pays; zero: not at all.</param>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollEventLoop(IEventLoopGroup? parent, TimeSpan busyPoll)
        : base(parent, $"epoll-{Interlocked.Increment(ref s_loops)}")
    {
        _busyPoll = new BusyPoll(busyPoll);
        _epoll = Libc.EpollCreate();
        _wakeUp = _epoll < 0 ? -1 : Libc.EventDescriptor();
        if (_wakeUp < 0)
        {
            SocketException error = ErrnoExtensions.LastException();
            _ = _epoll < 0 ? 0 : Libc.Close(_epoll);
            throw error;
        }

        _events = (byte*)NativeMemory.Alloc((nuint)(MostEvents * EpollEvent.Size));
        Control(Libc.EpollAdd, _wakeUp, EpollEvents.Readable | EpollEvents.EdgeTriggered, ulong.MaxValue);
        Start();
    }

    /// <summary>How long a loop looks before it sleeps, unless it is told otherwise.</summary>
    public static TimeSpan DefaultBusyPoll { get; } = TimeSpan.FromMicroseconds(50);

    /// <summary>How often it has waited or looked: it stands still while there is nothing to do. For tests.</summary>
    internal long Turns { get; private set; }

    /// <summary>Receives for the sockets of this loop; used on it only.</summary>
    internal ReceiveSlot Receiving { get; } = new();

    /// <summary>Gathers what the sockets of this loop send; used on it only.</summary>
    internal GatheredWrite Gathering { get; } = new();

    /// <summary>Receives the datagrams of this loop's sockets; used on it only.</summary>
    internal DatagramBatch Datagrams => _datagrams ??= new DatagramBatch();

    /// <summary>
    /// From here on the target hears of the descriptor: first what is so now, then each change, once. On the loop.
    /// </summary>
    /// <param name="descriptor">Open, and not registered yet.</param>
    /// <param name="target">Hears of it.</param>
    /// <param name="events">What it wants to hear of, beside errors.</param>
    /// <exception cref="SocketException">The kernel has no room for it.</exception>
    internal void Add(int descriptor, IEpollTarget target, EpollEvents events)
    {
        if (descriptor >= _registered.Length)
        {
            Array.Resize(ref _registered, Math.Max(descriptor + 1, 2 * _registered.Length));
        }

        uint generation = ++_generation;
        _registered[descriptor] = new Registration(target, generation);
        try
        {
            Control(Libc.EpollAdd, descriptor, events | EpollEvents.EdgeTriggered, ((ulong)generation << 32) | (uint)descriptor);
        }
        catch
        {
            _registered[descriptor] = default;
            throw;
        }
    }

    /// <summary>From here on the target, which is registered, hears of these events: first of what is so now. On the loop.</summary>
    internal void Change(int descriptor, EpollEvents events) => Control(
        Libc.EpollModify,
        descriptor,
        events | EpollEvents.EdgeTriggered,
        ((ulong)_registered[descriptor].Generation << 32) | (uint)descriptor);

    /// <summary>The target hears no more of it. On the loop, before the descriptor is closed.</summary>
    internal void Remove(int descriptor, IEpollTarget target)
    {
        if (descriptor < _registered.Length && _registered[descriptor].Target == target)
        {
            _registered[descriptor] = default;
            _ = Libc.EpollControl(_epoll, Libc.EpollDelete, descriptor, null);
        }
    }

    /// <inheritdoc/>
    protected override void Wait(int milliseconds)
    {
        Turns++;
        if (milliseconds != 0 && _busyPoll.MayBegin())
        {
            do
            {
                _ready = Libc.EpollWait(_epoll, _events, MostEvents, 0);
                if (_ready != 0)
                {
                    _busyPoll.Paid();
                    return;
                }
            }
            while (_busyPoll.GoesOn());
        }

        _ready = Libc.EpollWait(_epoll, _events, MostEvents, milliseconds);
    }

    /// <inheritdoc/>
    protected override void RunReady()
    {
        int ready = _ready; // less than none: a signal came
        for (int i = 0; i < ready; i++)
        {
            byte* epollEvent = _events + (i * EpollEvent.Size);
            ulong data = EpollEvent.Data(epollEvent);
            uint descriptor = (uint)data;
            if (descriptor >= _registered.Length || _registered[descriptor].Generation != (uint)(data >> 32))
            {
                continue; // the wake-up, or a channel that one before it in this turn has closed
            }

            try
            {
                _registered[descriptor].Target!.OnReady(EpollEvent.Events(epollEvent));
            }
            catch (Exception e)
            {
                Logger.Warn("A channel failed in its turn; the loop goes on.", e);
            }
        }
    }

    /// <inheritdoc/>
    protected override void WakeUp()
    {
        // Never read: edge-triggered, each write is told, and the counter's 2^64 do not run out.
        ulong one = 1;
        _ = Libc.Write(_wakeUp, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override void CloseAll()
    {
        foreach (Registration registration in _registered)
        {
            (registration.Target as IEpollClosable)?.CloseWithLoop();
        }
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        Receiving.Dispose();
        Gathering.Dispose();
        _datagrams?.Dispose();
        NativeMemory.Free(_events);
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wakeUp);
    }

    private void Control(int operation, int descriptor, EpollEvents events, ulong data)
    {
        byte* epollEvent = stackalloc byte[EpollEvent.Size];
        EpollEvent.Write(epollEvent, events, data);
        if (Libc.EpollControl(_epoll, operation, descriptor, epollEvent) != 0)
        {
            throw ErrnoExtensions.LastException();
        }
    }

    private readonly record struct Registration(IEpollTarget? Target, uint Generation);
}
