using System.Net.Sockets;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Forwards;

/// <summary>
/// One sender to a UDP forward. What the target's own port sends comes to it from the forward's port; what another port
/// (or address) sends comes from a port of its own, and what the sender answers there goes back to where it came from, as
/// TFTP needs it. So the sender sees as many ports as there are, one for one.
/// </summary>
internal sealed class ForwardCaller(UdpForward forward, UdpAddress client) : IFlowCaller
{
    /// <summary>Most ports opened for one sender; what comes from more sources comes from the forward's own.</summary>
    private const int MostPorts = 16;

    /// <summary>Most bytes on their way to the forward's loop.</summary>
    private const int MostUnderWay = 256 * 1024;

    private Dictionary<UdpAddress, IDatagramSocket>? _ports; // by source; the forward's loop only
    private int _underWay; // bytes on their way to the forward's loop
    private bool _ended;

    /// <summary>The sender's flow. Set before anything can come back.</summary>
    public DatagramFlow Flow { get; set; } = null!;

    public DatagramSend Deliver(in FlowAddress source, ReadOnlySpan<byte> payload)
    {
        if (source.IsTarget)
        {
            return forward.Send(client, payload);
        }

        if (forward.Loop.InEventLoop)
        {
            return DeliverFrom(source.Ip, payload);
        }

        if (Interlocked.Add(ref _underWay, payload.Length) > MostUnderWay)
        {
            Interlocked.Add(ref _underWay, -payload.Length);
            return DatagramSend.Full;
        }

        UdpAddress ip = source.Ip;
        byte[] kept = payload.ToArray();
        forward.Loop.Execute(() =>
        {
            Interlocked.Add(ref _underWay, -kept.Length);
            DeliverFrom(ip, kept);
        });
        return DatagramSend.Sent;
    }

    public void OnFlowEnded()
    {
        _ended = true;
        foreach (IDatagramSocket port in _ports?.Values ?? Enumerable.Empty<IDatagramSocket>())
        {
            port.Close();
        }
    }

    private DatagramSend DeliverFrom(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        if (_ended)
        {
            return DatagramSend.Unreachable;
        }

        _ports ??= [];
        if (!_ports.TryGetValue(source, out IDatagramSocket? port))
        {
            if (_ports.Count >= MostPorts)
            {
                return forward.Send(client, payload);
            }

            try
            {
                port = forward.BindBeside(new OtherPort(this, source));
            }
            catch (SocketException)
            {
                return forward.Send(client, payload);
            }

            _ports.Add(source, port);
        }

        return port.Send(client, payload);
    }

    /// <summary>A port that stands for one source.</summary>
    private sealed class OtherPort(ForwardCaller caller, UdpAddress source) : IDatagramHandler
    {
        public void OnDatagram(in UdpAddress sender, ReadOnlySpan<byte> payload)
        {
            if (sender == caller.ClientAddress && !caller.Flow.IsOver)
            {
                caller.Forward.Totals.DatagramsFromCallers++;
                caller.Flow.Send(new FlowAddress(source, null), payload);
            }
        }

        public TimeSpan OnReadable() => caller.Forward.Share.Begin();

        public void OnReadComplete() => caller.Forward.Share.End();

        public void OnUndelivered(int reports) => caller.Forward.OnUndelivered(reports);
    }

    private UdpAddress ClientAddress => client;

    private UdpForward Forward => forward;
}
