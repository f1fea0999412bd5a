using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>Two links back to back, and calls over them in both directions. Everything is decided by one seed.</summary>
internal sealed class Gateways
{
    private readonly Random _random;
    private readonly LinkUnderTest[] _links;
    private readonly Wire[] _wires;
    private readonly Func<EmbeddedStreamSocket> _newSocket;
    private readonly int _mostBytes;
    private readonly List<Call> _calls = [];

    public Gateways(LinkUnderTest dialler, LinkUnderTest listener, Func<EmbeddedStreamSocket> newSocket, int mostBytes, Random random)
    {
        _random = random;
        _links = [dialler, listener];
        _wires = [new Wire(dialler.Socket, listener.Socket, random), new Wire(listener.Socket, dialler.Socket, random)];
        _newSocket = newSocket;
        _mostBytes = mostBytes;
        foreach (LinkUnderTest link in _links)
        {
            link.Socket.Output.Room = 0;
            link.Socket.Output.TellsPieces = random.Next(2) == 0;
        }
    }

    public IReadOnlyList<Call> Calls => _calls;

    public bool IsIdle => _calls.TrueForAll(call => call.IsOver) && _wires.All(wire => wire.IsEmpty);

    /// <summary>A new call from one side or the other.</summary>
    public Call Open()
    {
        int from = _random.Next(2);
        Application caller = NewApplication();
        RelayStream? stream = _links[from].Link.TryOpen(TargetAddress.FromIP(IPAddress.Loopback, 1 + _calls.Count), null, null, out _);
        Assert.NotNull(stream);
        stream.Attach(caller.Socket);
        Call call = new(caller, NewApplication());
        _calls.Add(call);
        return call;
    }

    /// <summary>Something happens somewhere.</summary>
    public void Step()
    {
        switch (_random.Next(6))
        {
            case 0:
                int side = _random.Next(2);
                _links[side].Socket.Output.Drain(_random.Next(3) == 0 ? _random.Next(1, 200) : _random.Next(1, 150_000));
                break;
            case 1 or 2:
                _wires[_random.Next(2)].Carry(_random.Next(4) == 0 ? 20 : 70_000);
                break;
            case 3 when _random.Next(8) == 0:
                Answer();
                break;
            default:
                Call call = _calls[_random.Next(_calls.Count)];
                (_random.Next(2) == 0 || !call.IsConnected ? call.Caller : call.Called).Act();
                break;
        }

        _links[0].EventLoop.RunTasks();
    }

    // A target answers at last: the first that was asked for. Its port says whose it is: a call that was reset at once is not dialled.
    private void Answer()
    {
        foreach (ConnectRequest request in _links.SelectMany(link => link.Connector.Requests))
        {
            Call call = _calls[request.Target.Port - 1];
            if (!call.IsConnected)
            {
                call.IsConnected = true;
                request.Connect(call.Called.Socket);
                return;
            }
        }
    }

    private Application NewApplication()
    {
        EmbeddedStreamSocket socket = _newSocket();
        socket.Output.Room = _random.Next(0, 10_000);
        socket.Output.TellsPieces = _random.Next(2) == 0;
        int bytes = _random.Next(4) switch
        {
            0 => 0,
            1 => _random.Next(1, 5_000),
            _ => _random.Next(1, _mostBytes),
        };
        return new Application(socket, _random.Next(), bytes, _random);
    }
}
